import Foundation
import Linger
import LingerDrive
import LingerModel
import LingerReport
public import Testing

/// Drives an implementation against a spec, and records one issue if it does something that the
/// spec does not allow: the shortest run that shows it, with what the spec would have allowed. The
/// run is attached as `counterexample.trace.jsonl`.
///
/// ```swift
/// @Test(.runs(2000)) func closes() throws {
///   try expectConformance(to: "specs/tcp-close/TCPClose.linger", role: "Peer") { MyTCP() }
/// }
/// ```
///
/// - Parameters:
///   - path: the spec file; where it is relative, to the package's folder.
///   - role: which party of the spec it is: a role or an instance; the first by default.
///   - trace: the attachment of an earlier failure, to be run again and nothing else.
///   - sourceLocation: where the issue is recorded.
///   - makeSubject: makes a fresh subject.
/// - Throws: ``ConformanceProblem`` where nothing could be driven.
public func expectConformance<Subject: ConformanceSubject>(
  to path: String,
  role: String? = nil,
  replaying trace: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ makeSubject: @escaping () -> Subject
) throws {
  let settings = ConformanceSettings.current
  let specification = Specification.load(
    path,
    profile: settings.profile,
    parameters: settings.parameters,
    following: true,
    read: readSource
  )
  guard specification.isValid else {
    throw ConformanceProblem(specification.diagnosticsText(hasColor: false))
  }
  let explored = Specification.load(
    path,
    profile: settings.profile,
    parameters: settings.parameters,
    following: false,
    read: readSource
  )
  let driving = try driving(specification, role, settings, makeSubject)
  if let trace {
    driving.replay(Array(try Data(contentsOf: URL(fileURLWithPath: trace))), named: trace)
  } else {
    driving.plan(exploring: explored)
    driving.run()
  }
  let result = driving.result
  let report = RunReport(.driving(result), exitCode: result.exitCode)
  let text = TextFormat().render(report, ReportStyle())
  if let failure = result.failure {
    let name = "counterexample.trace.jsonl"
    Attachment.record(failure.replayFile, named: name, sourceLocation: sourceLocation)
    Issue.record(
      "\(text)to run it again: expectConformance(to: \"\(path)\", replaying: \"\(name)\")",
      sourceLocation: sourceLocation
    )
  } else if result.exitCode != 0 {
    throw ConformanceProblem(result.problem ?? result.inputError ?? text)
  }
}

/// Why nothing could be said about an implementation.
public struct ConformanceProblem: Error, CustomStringConvertible {
  /// In words.
  public let description: String

  init(_ description: String) { self.description = description }
}

private func driving<Subject: ConformanceSubject>(
  _ specification: Specification,
  _ role: String?,
  _ settings: ConformanceSettings,
  _ makeSubject: @escaping () -> Subject
) throws -> Driving {
  var options = DrivingOptions()
  options.subject = role
  options.runs = settings.runs
  options.steps = settings.steps
  options.seed = settings.seed
  options.faults = Faults(rawValue: settings.faults.rawValue)
  options.shouldStop = { Task.isCancelled ? "the test was cancelled" : nil }
  do throws(Conformance.Failure) {
    return try Driving(specification, name: "\(Subject.self)", options) { conformance in
      InProcessSubject(conformance, makeSubject)
    }
  } catch {
    switch error {
    case .unfit(let words): throw ConformanceProblem(words)
    case .invalid: throw ConformanceProblem(specification.diagnosticsText(hasColor: false))
    }
  }
}

private func readSource(_ path: String) throws(SourceReadError) -> [UInt8] {
  guard FileManager.default.fileExists(atPath: path) else { throw .notFound }
  guard let bytes = FileManager.default.contents(atPath: path) else {
    throw .unreadable("permission denied")
  }
  return Array(bytes)
}

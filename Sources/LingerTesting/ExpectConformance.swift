import Foundation
import Linger
import LingerDrive
import LingerModel
import LingerReport
public import Testing

/// Drives an implementation against a spec, and records one issue if it does something that the
/// spec does not allow: the shortest run that shows it, with what the spec would have allowed. The
/// run is attached as `counterexample.trace.jsonl`, which `swift test --attachments-path FOLDER`
/// keeps.
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
/// - Returns: what was tried.
/// - Throws: ``ConformanceProblem`` where nothing could be driven.
@discardableResult
@inlinable
public func expectConformance<Subject: ConformanceSubject>(
  to path: String,
  role: String? = nil,
  replaying trace: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ makeSubject: @escaping @Sendable () -> Subject
) throws -> ConformanceSummary {
  try expectConformance(to: path, role, trace, sourceLocation, "\(Subject.self)") {
    SubjectHandle(makeSubject)
  }
}

/// The same of a subject of whatever type.
@usableFromInline
func expectConformance(
  to path: String,
  _ role: String?,
  _ trace: String?,
  _ sourceLocation: SourceLocation,
  _ name: String,
  _ makeSubject: @escaping () -> SubjectHandle
) throws -> ConformanceSummary {
  let replay = try trace.map { (name: $0, bytes: try readTrace($0)) }
  let settings = ConformanceSettings.current
  let result = try drive(path, role, settings, replaying: replay, name, makeSubject)
  let report = RunReport(.driving(result), exitCode: result.exitCode)
  let text = TextFormat().render(report, ReportStyle())
  if let failure = result.failure {
    var words = text
    if trace == nil {
      Attachment.record(failure.replayFile, named: traceName, sourceLocation: sourceLocation)
      words += howToReplay(path, role)
    }
    Issue.record("\(words)", sourceLocation: sourceLocation)
  } else if result.exitCode != 0 {
    throw ConformanceProblem(result.problem ?? result.inputError ?? text)
  }
  return ConformanceSummary(result)
}

/// What an implementation was tried with.
public struct ConformanceSummary: Sendable {
  /// How many runs there were.
  public let runs: Int
  /// How often the subject was told something.
  public let exchanges: Int
  /// The transitions of the spec's role that no run took, in the spec's order.
  public let notTaken: [String]

  init(_ result: DrivenSpec) {
    runs = result.runCount + result.regressionCount
    exchanges = result.exchangeCount
    notTaken = result.coverage.filter { $0.count == 0 }.map(\.transition)
  }
}

/// Why nothing could be said about an implementation.
public struct ConformanceProblem: Error, CustomStringConvertible {
  /// In words, and where it is the spec's fault with its place.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Drives an implementation outside a test.
///
/// - Parameters:
///   - path: the spec file.
///   - settings: what traits would set.
///   - makeSubject: makes a fresh subject.
/// - Returns: what was tried.
/// - Throws: ``ConformanceProblem`` where it fails, or cannot be driven.
@inlinable
package func drive<Subject: ConformanceSubject>(
  _ path: String,
  _ settings: ConformanceSettings,
  _ makeSubject: @escaping @Sendable () -> Subject
) throws(ConformanceProblem) -> ConformanceSummary {
  try drive(path, settings, "\(Subject.self)") { SubjectHandle(makeSubject) }
}

/// The same of a subject of whatever type.
@usableFromInline
package func drive(
  _ path: String,
  _ settings: ConformanceSettings,
  _ name: String,
  _ makeSubject: @escaping () -> SubjectHandle
) throws(ConformanceProblem) -> ConformanceSummary {
  let result = try drive(path, nil, settings, name, makeSubject)
  guard result.exitCode == 0 else {
    let report = RunReport(.driving(result), exitCode: result.exitCode)
    throw ConformanceProblem(TextFormat().render(report, ReportStyle()))
  }
  return ConformanceSummary(result)
}

/// What comes of driving an implementation.
func drive(
  _ path: String,
  _ role: String?,
  _ settings: ConformanceSettings,
  replaying trace: (name: String, bytes: [UInt8])? = nil,
  _ name: String,
  _ makeSubject: @escaping () -> SubjectHandle
) throws(ConformanceProblem) -> DrivenSpec {
  func load(following: Bool) -> Specification {
    Specification.load(
      path,
      profile: settings.profile,
      parameters: settings.parameters,
      following: following,
      read: readSource
    )
  }
  let specification = load(following: true)
  guard specification.isValid else {
    throw ConformanceProblem(specification.diagnosticsText(hasColor: false))
  }
  let driving = try driving(specification, role, settings, name, makeSubject)
  if let trace {
    driving.replay(trace.bytes, named: trace.name)
  } else {
    driving.plan(exploring: load(following: false))
    driving.run()
  }
  return driving.result
}

private let traceName = "counterexample.trace.jsonl"

private func howToReplay(_ path: String, _ role: String?) -> String {
  let role = role.map { ", role: \"\($0)\"" } ?? ""
  return """
      to run it again, keep the attachment (swift test --attachments-path FOLDER) and say
        expectConformance(to: "\(path)"\(role), replaying: "FOLDER/\(traceName)") { ... }
    """
}

private func driving(
  _ specification: Specification,
  _ role: String?,
  _ settings: ConformanceSettings,
  _ name: String,
  _ makeSubject: @escaping () -> SubjectHandle
) throws(ConformanceProblem) -> Driving {
  var options = DrivingOptions()
  options.subject = role
  options.runs = settings.runs
  options.steps = settings.steps
  options.threads = settings.threads
  options.subjects = settings.threads
  options.seed = settings.seed
  options.faults = settings.faults.faults
  options.budget.interruption = { Task.isCancelled ? "the test was cancelled" : nil }
  do throws(UnusableSpec) {
    return try Driving(specification, name: name, options) { conformance in
      InProcessSubject(conformance, makeSubject())
    }
  } catch {
    switch error {
    case .unfit(let words): throw ConformanceProblem(words)
    case .invalid: throw ConformanceProblem(specification.diagnosticsText(hasColor: false))
    }
  }
}

private func readTrace(_ path: String) throws(ConformanceProblem) -> [UInt8] {
  guard let bytes = FileManager.default.contents(atPath: path) else {
    throw ConformanceProblem("cannot read the trace '\(path)'")
  }
  return Array(bytes)
}

private func readSource(_ path: String) throws(SourceReadError) -> [UInt8] {
  guard FileManager.default.fileExists(atPath: path) else { throw .notFound }
  guard let bytes = FileManager.default.contents(atPath: path) else {
    throw .unreadable("permission denied")
  }
  return Array(bytes)
}

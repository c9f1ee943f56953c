import Foundation
import Linger
import LingerCapture
import LingerEval
import LingerModel
import LingerReport
import LingerTestSupport
import Testing

/// Captures of real closes, and edited ones that break a rule, against `specs/tcp/TCP.linger`.
@Suite("labelled captures")
struct LabelledCaptureTests {
  /// What the list of captures says of one.
  struct Label: Decodable, Sendable, CustomStringConvertible {
    var name: String
    var dir: String
    var files: [String]
    var conforming: Bool?
    var verdict: String?
    var bad_frame: Int?

    var description: String { name }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../shared/captures").standardizedFileURL

  static let labels: [Label] = {
    guard let data = try? Data(contentsOf: folder.appendingPathComponent("index.json")) else {
      return []
    }
    return (try? JSONDecoder().decode([Label].self, from: data)) ?? []
  }()

  static let spec = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../specs/tcp/TCP.linger").standardizedFileURL.path

  @Test(
    "every capture is judged as labelled under the profile linux",
    .enabled(if: !labels.isEmpty, "the captures are not beside the project")
  )
  func judgements() throws {
    var right = 0
    var total = 0
    for label in Self.labels {
      for file in label.files {
        let path = Self.folder.appendingPathComponent("\(label.dir)/\(file)").path
        let input = try judge(path, profile: "linux")
        total += 1
        let problem = problem(of: input, label)
        if problem == nil { right += 1 }
        #expect(problem == nil, "\(file): \(problem ?? "")")
      }
    }
    print("captures: \(right) of \(total) judged as labelled")
    #expect(total > 100)
  }

  private func judge(_ path: String, profile: String) throws -> ConformedSpec.Input {
    let conformance = try HeldCaptures.conformance(profile: profile)
    return try judge(try CaptureFrames(path: path).frames, path, conformance)
  }

  private func judge(
    _ frames: [CaptureFrames.Frame],
    _ path: String,
    _ conformance: Conformance
  ) throws -> ConformedSpec.Input {
    var held = try CaptureConformance(conformance, path: path, ends: .guessed)
    for frame in frames {
      let bytes = frame.bytes
      held.take(frame.header, bytes.span)
    }
    held.finish()
    return held.input
  }

  @Test(
    "shared paths change nothing: captures and edited ones, one after the other",
    .enabled(if: !labels.isEmpty, "the captures are not beside the project"),
    arguments: ["linux", "rfc9293"]
  )
  func sharedPaths(profile: String) throws {
    var random = RandomNumbers(seed: Seeds(for: "edited captures").first)
    var options = ConformanceOptions()
    let shared = try HeldCaptures.conformance(profile: profile, options)
    options.sharesPaths = false
    let single = try HeldCaptures.conformance(profile: profile, options)
    var verdicts: [TraceVerdict: Int] = [:]
    for path in Self.labels.flatMap({ label in label.files.map { "\(label.dir)/\($0)" } }) {
      let whole = try CaptureFrames(path: Self.folder.appendingPathComponent(path).path)
      for edit in 0..<4 {
        var capture = whole
        if edit > 0 { capture.edit(&random) }
        let one = try judge(capture.frames, path, shared)
        let other = try judge(capture.frames, path, single)
        #expect("\(one.traces)" == "\(other.traces)", "\(path), edit \(edit)")
        #expect(one.highWater == other.highWater, "\(path), edit \(edit)")
        for trace in one.traces { verdicts[trace.verdict, default: 0] += 1 }
      }
    }
    #expect(verdicts[.conforms, default: 0] > 10 && verdicts[.violates, default: 0] > 10)
  }

  /// What is judged otherwise than labelled; nil for nothing.
  ///
  /// A real capture whose label says that it does not conform may be judged either way: what does
  /// not conform there is not always to be seen from the end in question. Where a time is over,
  /// the belief sets may know it before the frame of the label.
  private func problem(of input: ConformedSpec.Input, _ label: Label) -> String? {
    let worst = input.traces.map(\.verdict).max { rank($0) < rank($1) } ?? .unknown
    if label.dir == "real" {
      if label.conforming == false { return nil }
      return worst == .conforms ? nil : "\(worst): \(input.traces.compactMap(\.reason))"
    }
    let wanted: TraceVerdict =
      switch label.verdict {
      case "violation": .violates
      case "inconclusive": .inconclusive
      default: .conforms
      }
    guard worst == wanted else { return "\(worst), not \(wanted)" }
    guard wanted == .violates, let frame = label.bad_frame else { return nil }
    let finding = input.traces.compactMap(\.finding).first
    guard let finding else { return "no finding" }
    if finding.isTime, finding.place <= frame { return nil }
    return finding.place == frame ? nil : "frame \(finding.place), not \(frame)"
  }

  private func rank(_ verdict: TraceVerdict) -> Int {
    switch verdict {
    case .conforms: 0
    case .inconclusive: 1
    case .unknown: 2
    case .violates: 3
    }
  }
}

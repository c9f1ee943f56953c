import Foundation
import Linger
import LingerCapture
import LingerModel
import LingerReport
import Testing

/// Captures that began when the connection was under way: labelled ones without their first frames.
@Suite("captures that begin late")
struct MissingBeginningTests {
  private static let labels = LabelledCaptureTests.labels

  private static func path(_ label: LabelledCaptureTests.Label, _ file: String) -> String {
    LabelledCaptureTests.folder.appendingPathComponent("\(label.dir)/\(file)").path
  }

  private func conformance() throws -> Conformance {
    try HeldCaptures.conformance(profile: "linux")
  }

  /// Judges captures as if they were one, without the first frames; the others keep their numbers.
  private func judge(
    _ paths: [String],
    without count: Int = 0,
    _ conformance: Conformance,
    ends: JudgedEnds = .guessed,
    connection: ChosenConnection? = nil
  ) throws -> ConformedSpec.Input {
    var held = try CaptureConformance(
      conformance,
      path: "",
      ends: ends,
      connection: connection
    )
    var earlier = 0
    for path in paths {
      var file = try CaptureFile(path: path)
      while try file.next({ header, bytes in
        var header = header
        header.number += earlier
        if header.number <= count { return }
        held.take(header, bytes)
      }) {}
      earlier += file.frameCount
    }
    held.finish()
    return held.input
  }

  @Test(
    "no real capture violates, wherever it begins",
    .enabled(if: !labels.isEmpty, "the captures are not beside the project")
  )
  func realCaptures() throws {
    // One for all: what follows from a missing beginning is mostly the same, and takes long.
    let conformance = try conformance()
    for cut in [1, 2, 4, 7, 11] {
      var counts: [TraceVerdict: Int] = [:]
      for label in Self.labels where label.dir == "real" && label.conforming != false {
        for file in label.files {
          let input = try judge([Self.path(label, file)], without: cut, conformance)
          #expect(
            input.counts[.violates, default: 0] == 0,
            "\(file) without \(cut): frame \(input.traces.compactMap(\.finding?.place))"
          )
          counts.merge(input.counts, uniquingKeysWith: +)
        }
      }
      #expect(counts[.conforms, default: 0] > 40, "without \(cut)")
    }
  }

  @Test(
    "a broken rule is found where the beginning does not matter, at its frame",
    .enabled(if: !labels.isEmpty, "the captures are not beside the project")
  )
  func badCaptures() throws {
    let conformance = try conformance()
    var found = 0
    for label in Self.labels where label.dir == "bad" && label.verdict == "violation" {
      for file in label.files {
        let path = Self.path(label, file)
        let whole = try judge([path], conformance).traces.first { $0.verdict == .violates }
        let (trace, place) = try #require(whole.flatMap { t in t.finding.map { (t, $0.place) } })
        for cut in [1, 2, 3, 4] {
          let ends = JudgedEnds.address(trace.subject)
          let input = try judge([path], without: cut, conformance, ends: ends)
          for part in input.traces where part.verdict == .violates {
            let finding = try #require(part.finding)
            #expect(finding.place == place, "\(file) without \(cut)")
            found += 1
          }
        }
      }
    }
    print("bad captures without their first frames: \(found) violations found")
    #expect(found > 20)
  }

  @Test(
    "one connection of a capture is judged as among the others",
    .enabled(if: !labels.isEmpty, "the captures are not beside the project")
  )
  func chosenConnections() throws {
    let conformance = try conformance()
    let files = Self.labels.filter { $0.dir == "real" }.prefix(3).compactMap { label in
      label.files.first.map { Self.path(label, $0) }
    }
    let whole = try judge(files, conformance)
    try #require(whole.traces.count > 1)
    let second = whole.traces[1]
    let ends = second.name.components(separatedBy: " - ")
    for chosen in [
      .number(2), .name(second.name), .name("\(ends[1]) - \(ends[0])"),
    ] as [ChosenConnection] {
      let input = try judge(files, conformance, connection: chosen)
      #expect("\(input.traces)" == "\([second])", "\(chosen)")
      #expect(input.eventCount == second.eventCount)
    }
    let none = try judge(files, conformance, connection: .number(99))
    #expect(none.traces.isEmpty && none.counts.isEmpty)
    try #require(ends.count == 2)
    #expect(none.notes.contains { $0.hasPrefix("no connection is number") })
  }
}

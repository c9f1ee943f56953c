import Foundation
import LingerDiagnostics
import LingerSema
import LingerTestSupport
import Testing

/// Fix-its of specs with one mistake somewhere: each, applied, mends what it was offered for.
@Suite("fix-its of damaged specs") struct FixItTests {
  /// Damaged specs of one run: the same ones every time, and some others.
  static let count = 500
  static let fixedCount = 400

  private func compile(_ path: String, as text: [UInt8]) -> Compilation {
    LingerSema.compile(path: path, options: CompileOptions()) { asked in
      asked == path ? .success(text) : SpecLibrary.read(asked)
    }
  }

  @Test("a fix-it leaves neither its error nor another one at its place")
  func fixIts() throws {
    let seeds = Seeds(for: "fix-its")
    let sources = SpecLibrary.paths().compactMap { path in
      (try? SpecLibrary.read(path).get()).map { (path, $0) }
    }
    var applied = 0
    for number in 0..<Self.count {
      let (path, bytes) = sources[number % sources.count]
      let seed = number < Self.fixedCount ? UInt64(number) : seeds.seed(number)
      var mutator = Mutator(seed: seed)
      let damaged = mutator.mutateOnce(bytes)
      let broken = compile(path, as: damaged)
      guard let file = broken.sources.files.firstIndex(where: { $0.name == path }) else { continue }
      for found in broken.diagnostics.prefix(20) {
        // A name that looks like another one may have been meant for a third.
        guard let fixIt = found.fixIts.first,
          !(fixIt.message + found.message).contains("did you mean")
        else { continue }
        applied += 1
        let repaired = Diagnostic.FixIt.apply([fixIt], to: damaged, file: file)
        let after = compile(path, as: repaired)
        let problem = problem(of: found, fixIt, from: broken, to: after, file: file)
        #expect(
          problem == nil,
          "\(path), seed \(seed): '\(fixIt.message)' for '\(found.message)': \(problem ?? "")"
        )
      }
    }
    #expect(applied > Self.count / 100)
  }

  /// What is wrong after a fix-it; nil where nothing is.
  private func problem(
    of found: Diagnostic,
    _ fixIt: Diagnostic.FixIt,
    from broken: Compilation,
    to after: Compilation,
    file: Int
  ) -> String? {
    func isSame(_ other: Diagnostic) -> Bool {
      other.code == found.code && other.message == found.message
    }
    if after.diagnostics.count(where: isSame) >= broken.diagnostics.count(where: isSame) {
      return "the error is still there"
    }
    var shift = 0
    for edit in fixIt.edits.sorted(by: { $0.span.start < $1.span.start }) {
      let start = edit.span.start + shift
      let end = start + edit.replacement.utf8.count
      shift += edit.replacement.utf8.count - (edit.span.end - edit.span.start)
      // The words may be right and still say what makes no sense, in a text damaged at random.
      for other in after.diagnostics where other.code.name < "L0200" {
        let touches = other.span.start <= end && start <= other.span.end
        // What was deleted has no place any more.
        let isHere = other.span.file == file && touches && start < end
        let wasThere = broken.diagnostics.contains {
          $0.code == other.code && $0.message == other.message
        }
        if isHere, !wasThere { return "now there is \(other.code.name): \(other.message)" }
      }
    }
    return nil
  }
}

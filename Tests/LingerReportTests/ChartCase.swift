import Foundation
import LingerDiagnostics
import LingerEval
import LingerModel
import LingerReport
import LingerSema
import LingerTestSupport

/// A run to draw.
struct ChartCase {
  var name: String
  var trace: Trace
  var text: BriefText
  var timing: TimedRun?
  var envelope: Envelope?

  init(_ name: String, _ trace: Trace, in text: BriefText, envelope: Envelope? = nil) {
    self.name = name
    self.trace = trace
    self.text = text
    self.envelope = envelope
  }

  /// A random walk through a spec.
  init(_ name: String, _ text: BriefText, seed: UInt64, steps: Int) {
    let walk = RandomWalk.run(on: Evaluator(text.model), seed: seed, maximumSteps: steps)
    self.init("\(name), walk \(seed)", walk.trace, in: text)
    if case .unspecifiedReception(let envelope) = walk.end { self.envelope = envelope }
  }

  func chart(width: Int, glyphs: Glyphs = .unicode) -> SequenceChart {
    var style = TextStyle()
    style.width = width
    style.glyphs = glyphs
    return SequenceChart(trace, in: text, envelope: envelope, timing: timing, style: style)
  }

  /// The same run with made-up times: some with many digits, some steps with a bound.
  func timed(seed: UInt64) -> ChartCase {
    var numbers = RandomNumbers(seed: seed)
    let divisor = numbers.pick([1, 2, 3, 10, 7_919])
    let moments = trace.entries.indices.map { Rational($0 * 31 + 1, over: divisor) ?? .zero }
    let alive = trace.last.networks.flatMap(\.messages).prefix(3)
    var timed = self
    timed.name += ", timed"
    timed.timing = TimedRun(
      settings: text.model.parameters.indices.filter {
        if case .duration = text.model.parameters[$0].value { true } else { false }
      }.map { TimedRun.Setting(parameter: $0, value: Rational(119, over: divisor) ?? .zero) },
      times: moments,
      end: moments.last ?? .zero,
      bounds: moments.map { numbers.happens(50) ? "due at \(seconds($0)) at the latest" : nil },
      alive: alive.map {
        TimedRun.Alive(
          envelope: $0.envelope,
          age: Rational(61, over: divisor) ?? .zero,
          lifetime: numbers.happens(50) ? Rational(122) : nil
        )
      }
    )
    return timed
  }
}

extension BriefText {
  /// A spec as text.
  init(spec: String) throws {
    try self.init(path: "Test.linger") { _ in .success(Array(spec.utf8)) }
  }

  /// A spec below `specs/`.
  init(file path: String) throws {
    try self.init(path: SpecFiles.folder.appendingPathComponent(path).path) { path in
      guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
        return .failure(.notFound)
      }
      return .success(Array(bytes))
    }
  }

  private init(path: String, read: (String) -> Result<[UInt8], ReadFailure>) throws {
    let compilation = compile(path: path, options: CompileOptions(), read: read)
    guard let model = compilation.model else {
      let problems = compilation.diagnostics.map(\.message).joined(separator: "\n")
      throw SpecTextError(description: "\(path): \(problems)")
    }
    self.init(model: model, sources: compilation.sources)
  }
}

import LingerDiagnostics
import LingerModel
import LingerSema
import LingerTestSupport
import Testing

/// Damaged specs: whatever the text, compiling ends, with diagnostics or with a model.
@Suite("damaged specs")
struct FuzzTests {
  /// Damaged texts of one run; enough to meet every phase, few enough for every run.
  static let count = 10_000

  @Test("compiling damaged specs never crashes")
  func damaged() throws {
    let seeds = Seeds(for: "damaged specs")
    var sources = try Cases.all()
    for path in SpecLibrary.paths() {
      guard case .success(let bytes) = SpecLibrary.read(path) else { continue }
      sources.append(SpecCase(name: path, String(decoding: bytes, as: UTF8.self)))
    }
    for number in 0..<Self.count {
      let spec = sources[number % sources.count]
      let seed = seeds.seed(number)
      var mutator = Mutator(seed: seed)
      let damaged = mutator.mutate(Array((spec.files[SpecCase.rootPath] ?? "").utf8))
      let compilation = compile(path: SpecCase.rootPath, options: spec.options) { path in
        if path == SpecCase.rootPath { return .success(damaged) }
        return spec.files[path].map { .success(Array($0.utf8)) } ?? .failure(.notFound)
      }
      let isConsistent = (compilation.model == nil) == compilation.diagnostics.hasErrors
      #expect(isConsistent, "\(spec.name), seed \(seed)")
      if let model = compilation.model { #expect(!dump(model).isEmpty) }
    }
  }
}

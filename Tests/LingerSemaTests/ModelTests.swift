import Foundation
import LingerDiagnostics
import LingerModel
import LingerSema
import LingerTestSupport
import Testing

/// What comes out of specs without errors, as text beside each spec.
@Suite("models")
struct ModelTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Models")

  @Test("a spec becomes this model", arguments: ["EveryConstruct", "Timed", "Variant"])
  func snapshot(_ name: String) throws {
    let (model, compilation) = try checkCompiles(try spec(name))
    let text = dump(model) + describeDiagnostics(compilation) + "\n"
    let file = Self.folder.appendingPathComponent("\(name).txt")
    if Cases.areUpdated {
      try Data(text.utf8).write(to: file)
      return
    }
    #expect(text == (try? String(contentsOf: file, encoding: .utf8)))
  }

  private func spec(_ name: String) throws -> SpecCase {
    let file = Self.folder.appendingPathComponent("\(name).linger")
    return SpecCase(name: name, file: try String(contentsOf: file, encoding: .utf8))
  }

  @Test("compiling twice gives the same model", arguments: ["EveryConstruct", "Timed", "Variant"])
  func isDeterministic(_ name: String) throws {
    let first = try checkCompiles(try spec(name)).model
    let second = try checkCompiles(try spec(name)).model
    #expect(dump(first) == dump(second))
  }

  @Test("documentation and places come along")
  func documentation() throws {
    let (model, compilation) = try checkCompiles(try spec("Variant"))
    #expect(model.documentation == "Planted error: the answer comes back unchecked.")
    let take = try #require(model.transitions.first { $0.name == "take" })
    #expect(take.documentation == "Takes what is larger.")
    #expect(compilation.sources.location(take.span)?.file == "main.linger")
    let ask = try #require(model.transitions.first { $0.name == "ask" })
    #expect(compilation.sources.location(ask.span)?.file == "base.linger")
    #expect(model.properties.first { $0.name == "agreed" }?.documentation == "Another limit.")
  }

  @Test("helpers of a spec and of a role may ask for a message that a network carries")
  func helpersReadNetworks() throws {
    let model = try Model(
      spec: """
        protocol P
        message M { number: 0...1 }
        network { A -> B: M; duplication, reordering }
        role A {
          var isDone = false
          let canSend = network.count(M(number: 0)) == 0
          transition send on internal when canSend { send M(number: 0) to b }
        }
        role B { transition take on receive _: M { } }
        instances a: A
        instances b: B
        let isUnderWay(n: 0...1) -> Bool = network.count(M(number: n), from: a, to: b) > 0
        invariant one { !isUnderWay(n: 1) }
        """
    )
    #expect(model.properties.contains { $0.name == "one" })
  }

  @Test("every slot that a body uses is counted and named")
  func slots() throws {
    let model = try checkCompiles(try spec("EveryConstruct")).model
    for transition in model.transitions {
      #expect(transition.localNames.count == transition.localCount)
    }
    for property in model.properties {
      #expect(property.localNames.count == property.localCount)
    }
  }

  @Test("every spec of the library compiles without errors", arguments: SpecLibrary.paths())
  func library(_ path: String) {
    let compilation = compile(path: path, options: CompileOptions(), read: SpecLibrary.read)
    #expect(!compilation.diagnostics.hasErrors)
    #expect(compilation.model != nil)
  }
}

/// The specs that come with the tool.
enum SpecLibrary {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("specs")
    .resolvingSymlinksInPath()

  /// Every spec; what lies in a folder `parts` is imported by others and no spec of its own.
  static func paths() -> [String] {
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    let specs = (files ?? []).filter { $0.hasSuffix(".linger") && !$0.contains("/parts/") }
    return specs.sorted().map {
      folder.appendingPathComponent($0).path
    }
  }

  static func read(_ path: String) -> Result<[UInt8], ReadFailure> {
    guard let data = FileManager.default.contents(atPath: path) else { return .failure(.notFound) }
    return .success(Array(data))
  }
}

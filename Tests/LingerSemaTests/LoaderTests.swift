import LingerDiagnostics
import LingerModel
@testable import LingerSema
import LingerTestSupport
import Testing

/// Files, paths and bytes.
@Suite("loading")
struct LoaderTests {
  private func diagnostics(of bytes: [UInt8]) -> String {
    describeDiagnostics(
      compile(path: "main.linger", options: CompileOptions()) { _ in .success(bytes) }
    )
  }

  @Test(
    "paths are resolved as text",
    arguments: [
      ("b.linger", "a.linger", "b.linger"),
      ("b.linger", "specs/tcp/a.linger", "specs/tcp/b.linger"),
      ("../b.linger", "specs/tcp/a.linger", "specs/b.linger"),
      ("./x/../b.linger", "specs/a.linger", "specs/b.linger"),
      ("../../b.linger", "specs/a.linger", "../b.linger"),
      ("../b.linger", "/a.linger", "/b.linger"),
      ("/shared/b.linger", "specs/a.linger", "/shared/b.linger"),
      ("..", "specs/a.linger", "."),
    ]
  )
  func paths(_ name: String, _ importer: String, _ expected: String) {
    #expect(SourcePath.resolve(name, importedBy: importer) == expected)
  }

  @Test(
    "bytes that are not UTF-8 are found at their offset",
    arguments: [
      ([0x61, 0xFF, 0x62], 1), ([0xC3, 0x28], 0), ([0x61, 0xE2, 0x82], 1), ([0xC0, 0x80], 0),
      ([0xED, 0xA0, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0), ([0xF0, 0x9F, 0x98, 0x41], 0),
      ([0x80], 0), ([0xE2, 0x82, 0xAC], nil), ([0xF0, 0x9F, 0x98, 0x80, 0x41], nil), ([], nil),
    ] as [([UInt8], Int?)]
  )
  func utf8(_ bytes: [UInt8], _ offset: Int?) {
    #expect(firstInvalidByte(of: bytes) == offset)
  }

  @Test("a file that is not UTF-8")
  func notUTF8() {
    #expect(
      diagnostics(of: Array("protocol C\n// caf".utf8) + [0xE9, 0x0A]) == """
        L0602 error 2:7: 'main.linger' is not UTF-8: byte 0xE9 at offset 17
          help: save the file as UTF-8
        """
    )
  }

  @Test("an empty file", arguments: ["", "\n", " \t\r\n\n"])
  func empty(_ text: String) {
    #expect(
      diagnostics(of: Array(text.utf8)) == """
        L0603 error 1:1: 'main.linger' is empty
          help: a spec starts with 'protocol Name'
        """
    )
  }

  @Test("a file that is too large")
  func tooLarge() {
    let bytes = [UInt8](repeating: UInt8(ascii: "["), count: SourceLoader.fileLimitBytes + 1)
    #expect(diagnostics(of: bytes) == "L0604 error -: 'main.linger' is larger than 16 MiB")
    let refused = compile(path: "main.linger", options: CompileOptions()) { _ in
      .failure(.tooLarge(limitBytes: 1 << 20))
    }
    #expect(
      describeDiagnostics(refused) == "L0604 error -: 'main.linger' is larger than 1 MiB"
    )
  }

  @Test("ten megabytes of one bracket, and brackets 100,000 deep, end with a diagnostic")
  func hostile() {
    for size in [100_000, 10_000_000] {
      let bytes = [UInt8](repeating: UInt8(ascii: "["), count: size)
      #expect(diagnostics(of: bytes).contains("error"))
    }
    let deep = String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000)
    #expect(diagnostics(of: Array("protocol C\nlet x = \(deep)\n".utf8)).contains("L0501"))
    let long = Array(repeating: "1", count: 100_000).joined(separator: " + ")
    #expect(diagnostics(of: Array("protocol C\nlet x = \(long)\n".utf8)).contains("L0501"))
  }

  @Test("a file imported on two ways counts once")
  func diamond() throws {
    let role = "role R { var s: S }\ninstances r: R\n"
    var spec = SpecCase(
      name: "diamond",
      "protocol P\nimport \"one.linger\"\nimport \"sub/two.linger\"\n" + role
    )
    spec.files["one.linger"] = "import \"./sub/../types.linger\"\n"
    spec.files["sub/two.linger"] = "import \"../types.linger\"\n"
    spec.files["types.linger"] = "enum S { A, B }\n"
    let model = try checkCompiles(spec).model
    #expect(model.enumerations.count == 1)
  }

  @Test("the root that cannot be read")
  func unreadableRoot() {
    let spec = SpecCase(name: "root", "")
    #expect(
      describeDiagnostics(
        compile(path: "gone.linger", options: spec.options) { _ in .failure(.notFound) }
      )
        == "L0601 error -: there is no file 'gone.linger'"
    )
  }

  @Test("a value of --set is parsed, and its errors are shown in it")
  func setOption() throws {
    let source = "protocol P\nparameter t: Duration = 1 s\nrole R { var n: Bool }\ninstances r: R\n"
    for (text, seconds) in [("60s", 60), ("60 s", 60), ("2 * 30 s", 60), ("1 min", 60)] {
      var spec = SpecCase(name: text, source)
      spec.options.parameters = [("t", "5 s"), ("t", text)]
      let model = try checkCompiles(spec).model
      #expect(model.parameters[0].value == .duration(Rational(seconds)))
      #expect(model.parameters[0].definition?.kind == .constant(.duration(Rational(1))))
    }
    var wrong = SpecCase(name: "wrong", source)
    wrong.options.parameters = [("t", "60")]
    checkDiagnostics(
      wrong,
      """
      L0301 error --set t:1:1-3: parameter 't' needs Duration, but this is the number 60
        note 2:11-12: parameter 't' is declared here
        help: a duration has a unit: ns, us, ms, s, min or h
      """
    )
  }
}

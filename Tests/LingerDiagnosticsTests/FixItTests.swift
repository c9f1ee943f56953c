import LingerDiagnostics
import Testing

@Suite struct FixItTests {
  private func apply(_ fixIts: [[(Int, Int, String)]], to text: String) -> String {
    let all = fixIts.map { edits in
      Diagnostic.FixIt("", edits.map { .init(Span(file: 0, start: $0.0, end: $0.1), $0.2) })
    }
    let bytes = Diagnostic.FixIt.apply(all, to: Array(text.utf8), file: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("edits are applied wherever they stand in the list")
  func order() {
    #expect(apply([[(4, 5, "E")], [(0, 1, "A"), (2, 2, "-")]], to: "abcde") == "Ab-cdE")
  }

  @Test("of two fix-its for the same bytes the first is applied, the other left out whole")
  func overlap() {
    #expect(apply([[(0, 2, "X")], [(1, 3, "Y"), (4, 5, "Z")]], to: "abcde") == "Xcde")
    #expect(apply([[(1, 1, "X")], [(1, 1, "Y")]], to: "ab") == "aXb")
    #expect(apply([[(0, 1, "X")], [(1, 1, "Y")]], to: "ab") == "XYb")
  }

  @Test("an insertion comes before a replacement of what is behind it, whichever is named first")
  func insertionBeforeReplacement() {
    #expect(apply([[(1, 2, "X")], [(1, 1, "-")]], to: "abc") == "a-Xc")
    #expect(apply([[(1, 1, "-")], [(1, 2, "X")]], to: "abc") == "a-Xc")
  }

  @Test("edits beyond the text or of other files are left out")
  func outside() {
    #expect(apply([[(1, 9, "X")]], to: "ab") == "ab")
    let other = Diagnostic.FixIt("", [.init(Span(file: 1, start: 0, end: 1), "X")])
    #expect(Diagnostic.FixIt.apply([other], to: [97], file: 0) == [97])
  }
}

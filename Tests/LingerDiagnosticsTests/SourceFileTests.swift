import LingerDiagnostics
import Testing

@Suite struct SourceFileTests {
  @Test("lines and their bytes, with and without a last line break")
  func lines() {
    let file = SourceFile(name: "a", bytes: Array("ab\r\n\nc".utf8))
    #expect(file.lineStarts == [0, 4, 5])
    #expect((0..<3).map { file.lineRange($0) } == [0..<2, 4..<4, 5..<6])
    #expect([0, 3, 4, 5, 6].map { file.line(at: $0) } == [0, 0, 1, 2, 2])
  }

  @Test("places count lines and characters from 1")
  func locations() {
    var sources = SourceMap()
    let number = sources.add(SourceFile(name: "a", bytes: Array("x\né👍 y".utf8)))
    let place = sources.location(Span(file: number, start: 9, end: 10))
    #expect(place?.file == "a" && place?.line == 2 && place?.column == 4)
    #expect(sources.location(.none) == nil)
    #expect(sources.text(Span(file: number, start: 9, end: 10)) == "y")
  }
}

import LingerDiagnostics
import Testing

@Suite struct SuggestionTests {
  private let states = ["ESTABLISHED", "CLOSING", "CLOSE_WAIT", "CLOSED"]

  @Test("the nearest name is suggested, only when close")
  func nearest() {
    #expect(Suggestion.nearest(to: "CLOSNIG", among: states) == "CLOSING")
    #expect(Suggestion.nearest(to: "CLOSE", among: states) == "CLOSED")
    #expect(Suggestion.nearest(to: "closed", among: states) == "CLOSED")
    #expect(Suggestion.nearest(to: "OPEN", among: states) == nil)
    #expect(Suggestion.nearest(to: "x", among: ["y", "z"]) == nil)
    #expect(Suggestion.nearest(to: "", among: ["a"]) == nil)
  }

  @Test("the name itself is not a suggestion; of equally near ones the first is taken")
  func ties() {
    #expect(Suggestion.nearest(to: "abc", among: ["abc"]) == nil)
    #expect(Suggestion.nearest(to: "abcd", among: ["abce", "abcf"]) == "abce")
    #expect(Suggestion.nearest(to: "abcd", among: ["abcf", "abce"]) == "abcf")
  }

  @Test("two neighbours in the wrong order are one slip")
  func transposition() {
    #expect(Suggestion.nearest(to: "sned", among: ["send", "sens"]) == "send")
  }
}

import Testing

/// The format of transcripts itself.
@Suite struct TranscriptFormatTests {
  private static let text = """
    # A title

    ```console
    $ first
    one
    ! two
    ? 3
    $ second
    ```

    Words.

    """

  @Test("commands and what they print are told apart")
  func parsing() {
    let transcript = Transcript(Self.text)
    #expect(transcript.exchanges.map(\.command) == ["first", "second"])
    #expect(transcript.exchanges.map(\.response) == [["one", "! two", "? 3"], []])
  }

  @Test("new responses replace the old ones and nothing else")
  func rewriting() {
    let transcript = Transcript(Self.text)
    let responses = transcript.exchanges.map(\.response)
    #expect(transcript.text(with: responses) == Self.text)
    let changed = transcript.text(with: [[], ["new"]])
    #expect(
      changed == """
        # A title

        ```console
        $ first
        $ second
        new
        ```

        Words.

        """
    )
  }

  @Test("a response is written output first, then errors, then the code")
  func response() {
    let response = Response(output: "a\n\nb\n", error: "x\n\n", exitCode: 2)
    #expect(response.lines == ["a", "", "b", "! x", "!", "? 2"])
    #expect(Response(output: "", error: "", exitCode: 0).lines == [])
  }
}

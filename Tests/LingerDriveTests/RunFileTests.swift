import ExampleTCP
import LingerReport
import Testing

/// Files that cannot be replayed: what is said, and that nothing is judged.
@Suite("files of runs")
struct RunFileTests {
  private static let hello =
    #"{"type":"hello","id":1,"version":1,"spec":"TCPClose","role":"Peer","instance":"a"}"#
  private static let wait = #"{"type":"advance","id":3,"to":1}"#

  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var error: String
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "empty", text: "", error: "run: no input is in it"),
    Case(name: "nothing but hello", text: "\(hello)\n\n", error: "run: no input is in it"),
    Case(
      name: "another spec",
      text: hello.replacing("TCPClose", with: "TwoPhaseCommit") + "\n\(wait)\n",
      error: "run: line 1: it is a run of 'TwoPhaseCommit', not of 'TCPClose'"
    ),
    Case(
      name: "another role",
      text: hello.replacing("Peer", with: "Sender") + "\n\(wait)\n",
      error: "run: line 1: it is a run of the role 'Sender', not of 'Peer'"
    ),
    Case(
      name: "another version",
      text: hello.replacing(#""version":1"#, with: #""version":2"#) + "\n\(wait)\n",
      error: "run: line 1: it is of version 2 of the protocol"
    ),
    Case(
      name: "not JSON",
      text: "\(hello)\n\(wait)\nnothing of the kind\n",
      error: "run: line 3: not a JSON object"
    ),
    Case(
      name: "cut off",
      text: "\(hello)\n\(wait.dropLast(3))",
      error: "run: line 2: not a JSON object"
    ),
    Case(
      name: "an unknown message",
      text: hello + "\n" + #"{"type":"receive","id":3,"at":1,"message":"Frame","fields":{}}"#,
      error: "run: line 2: no message is named 'Frame'"
    ),
    Case(
      name: "a field out of range",
      text: hello + "\n"
        + #"{"type":"receive","id":3,"at":1,"message":"Segment","fields":{"seq":77,"#
        + #""ack":0,"data":false,"fin":false,"rst":false}}"#,
      error: "run: line 2: 77 is not a value of '0...2'"
    ),
    Case(
      name: "an unknown call",
      text: hello + "\n" + #"{"type":"call","id":3,"at":1,"name":"abort","arguments":{}}"#,
      error: "run: line 2: no call of 'Peer' is named 'abort'"
    ),
    Case(
      name: "a time that is none",
      text: hello + "\n" + #"{"type":"advance","id":3,"to":"soon"}"#,
      error: "run: line 2: no time: 'at', of 'advance' 'to', is a number of seconds"
    ),
  ]

  @Test("what is wrong with them is said", arguments: cases)
  func errors(_ file: Case) throws {
    let result = try DrivenTCP().replayed(file.text)
    #expect(result.inputError == file.error)
    #expect(result.exitCode == 2)
    #expect(result.failure == nil && result.runCount == 0)
  }

  @Test("empty lines and what follows the last line do no harm")
  func blankLines() throws {
    let result = try DrivenTCP().replayed("\n\(Self.hello)\n\r\n\(Self.wait)\n\n")
    #expect(result.inputError == nil && result.exitCode == 0 && result.regressionCount == 1)
  }

  /// A run of a fault is no failure of another one.
  @Test("a run that does not fail any more passes")
  func repaired() throws {
    let failing = try DrivenTCP(fault: .oldFinCloses).driven()
    let text = try #require(failing.failure?.replayFile)
    #expect(try DrivenTCP(fault: .neverGivesUp).replayed(text).exitCode == 0)
  }
}

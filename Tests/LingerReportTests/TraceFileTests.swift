import LingerDiagnostics
import LingerModel
import LingerReport
import Testing

@Suite struct TraceFileTests {
  private func encoded(_ trace: Trace, of peers: ClosingPeers) throws -> TraceFile {
    let text = TraceFile(trace, of: peers.context, property: "neverClosed").text
    return try TraceFile.read(Array(text.utf8))
  }

  @Test("steps come back as they were")
  func roundTrip() throws {
    let peers = ClosingPeers()
    for trace in [peers.duplicateArrival, peers.faults] {
      let file = try encoded(trace, of: peers)
      #expect(file.property == "neverClosed")
      #expect(file.specification == "Closing")
      let steps = try StepCoding(model: peers.model).decode(file.steps)
      #expect(steps == trace.entries.map(\.step))
    }
  }

  @Test("a file survives new transitions and instances before the old ones")
  func survivesEdits() throws {
    let peers = ClosingPeers()
    let file = try encoded(peers.duplicateArrival, of: peers)
    var edited = peers.model
    edited.transitions.insert(edited.transitions[2], at: 0)
    edited.transitions[0].name = "other"
    edited.roles[0].transitions = [0, 1, 2, 3]
    edited.enumerations[0].cases.insert("NEW", at: 0)
    let steps = try StepCoding(model: edited).decode(file.steps)
    guard case .transition(0, 1, .call, [.bool(true)]) = steps[0] else {
      Issue.record("the first step is \(steps[0])")
      return
    }
  }

  @Test("an unknown name is named, with the one that was probably meant")
  func unknownName() throws {
    let peers = ClosingPeers()
    let file = try encoded(peers.duplicateArrival, of: peers)
    var edited = peers.model
    edited.transitions[1].name = "takeFun"
    #expect {
      _ = try StepCoding(model: edited).decode(file.steps)
    } throws: { error in
      (error as? TraceFileError)?.description
        == "step 2: no transition of 'Peer' is named 'takeFin', did you mean 'takeFun'?"
    }
  }

  @Test("a value outside its type is an error, not a wrong run")
  func valueOutside() throws {
    let peers = ClosingPeers()
    let file = try encoded(peers.duplicateArrival, of: peers)
    var edited = peers.model
    edited.records[0].fields[0].type = .integer(0...0)
    #expect(throws: TraceFileError("1 is not a value of '0...0'", step: 2)) {
      _ = try StepCoding(model: edited).decode(file.steps)
    }
  }

  @Test(
    "a file that is not a trace is refused",
    arguments: [
      ("", "the file is not JSON, or has numbers that are not integers"),
      ("[1.5]", "the file is not JSON, or has numbers that are not integers"),
      ("{}", "the file is not a saved trace: it has no \"format\": \"linger-trace\""),
      (
        "{\"format\": \"linger-trace\", \"version\": 9, \"steps\": []}",
        "the file has another version of the format than 1"
      ),
      (
        "{\"format\": \"linger-trace\", \"version\": 1}", "the file has no list \"steps\""
      ),
    ]
  )
  func noTrace(text: String, message: String) {
    #expect(throws: TraceFileError(message)) { _ = try TraceFile.read(Array(text.utf8)) }
  }

  @Test("every kind of value comes back, typed and tagged")
  func values() throws {
    var peers = ClosingPeers()
    peers.model.records.append(
      Record(
        name: "Pair",
        documentation: nil,
        fields: [Record.Field(name: "left", type: .optional(.integer(0...3)))],
        isMessage: false,
        span: .none
      )
    )
    let coding = ValueCoding(model: peers.model)
    let cases: [(Value, ModelType)] = [
      (.bool(true), .bool), (.integer(-3), .integer(-5...5)),
      (ClosingPeers.closed, .enumeration(0)), (.instance(1), .instance(0)),
      (.none, .optional(.bool)), (.some(.bool(false)), .optional(.bool)),
      (.some(.none), .optional(.optional(.bool))),
      (.set([.integer(0), .integer(2)]), .set(.integer(0...3))),
      (.queue([.bool(true)]), .queue(capacity: 2, element: .bool)),
      (.array([.bool(true), .bool(false)]), .array(index: .integer(0...1), element: .bool)),
      (
        .array([.integer(0), .integer(1), .integer(2)]),
        .array(index: .enumeration(0), element: .integer(0...3))
      ),
      (.record(1, [.some(.integer(3))]), .record(1)),
    ]
    for (value, type) in cases {
      let text = coding.encode(value, as: type).flatText
      let parsed = try #require(JSONValue.parse(Array(text.utf8)))
      #expect(try coding.decode(parsed, as: type) == value, "\(text)")
      let tagged = coding.encodeTagged(value).flatText
      let parsedTagged = try #require(JSONValue.parse(Array(tagged.utf8)))
      #expect(try coding.decodeTagged(parsedTagged) == value, "\(tagged)")
    }
  }
}

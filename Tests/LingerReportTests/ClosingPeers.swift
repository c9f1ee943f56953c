import Foundation
import LingerDiagnostics
import LingerModel
import LingerReport

/// Two peers that close a connection: a model made by hand, so that reporters are tested without
/// a compiler or an engine.
struct ClosingPeers {
  var model: Model
  var sources: SourceMap

  static let open = Value.enumCase(0, 0)
  static let closing = Value.enumCase(0, 1)
  static let closed = Value.enumCase(0, 2)

  /// The spec that the model's spans point into.
  static let source = """
    protocol Closing

    enum State { OPEN, CLOSING, CLOSED }
    message Segment { seq: 0...3; fin: Bool }

    role Peer {
      var state: State = .OPEN
      var count: 0...3 = 0
      timer retransmission
      signal done(reason: State)

      /// RFC 9293 §3.10.4: the CLOSE call. More text.
      transition close on call close(urgent: Bool)
      transition takeFin on receive s
      transition resend on timeout retransmission
    }
    invariant neverClosed { true }

    """

  init(network: Network? = nil, peers: [String] = ["a", "b"]) {
    sources = SourceMap()
    _ = sources.add(SourceFile(name: "specs/Closing.linger", bytes: Array(Self.source.utf8)))
    model = Model(name: "Closing")
    model.enumerations = [
      Enumeration(
        name: "State",
        cases: ["OPEN", "CLOSING", "CLOSED"],
        caseSpans: [.none, .none, .none],
        span: .none
      )
    ]
    model.records = [
      Record(
        name: "Segment",
        documentation: nil,
        fields: [
          Record.Field(name: "seq", type: .integer(0...3)),
          Record.Field(name: "fin", type: .bool),
        ],
        isMessage: true,
        span: .none
      )
    ]
    model.networks = [network ?? Self.growingSet]
    model.roles = [
      Role(
        name: "Peer",
        documentation: nil,
        variables: [
          variable("state", .enumeration(0), Self.open),
          variable("count", .integer(0...3), .integer(0)),
        ],
        timers: [Role.Timer(name: "retransmission", documentation: nil, span: .none)],
        signals: [
          Role.Signal(
            name: "done",
            parameters: [Record.Field(name: "reason", type: .enumeration(0))],
            span: .none
          )
        ],
        transitions: [0, 1, 2],
        span: .none
      )
    ]
    model.instances = peers.map {
      Instance(
        name: $0,
        role: 0,
        initial: [Self.open, .integer(0)],
        symmetryGroup: nil,
        span: .none
      )
    }
    let parameter = Transition.CallParameter(name: "urgent", slot: 0, type: .bool)
    model.transitions = [
      transition(
        "close",
        .call(name: "close", parameters: [parameter]),
        documentation: "RFC 9293 §3.10.4: the CLOSE call. More text."
      ),
      transition("takeFin", .receive(record: 0, message: 0, sender: 1)),
      transition("resend", .timeout(timers: 0..<1, index: nil)),
    ]
    model.properties = [
      Property(
        kind: .invariant,
        name: "neverClosed",
        documentation: "Nobody is ever closed.",
        body: Expression(.constant(.bool(true)), .bool, .none),
        localCount: 0,
        span: span(of: "invariant neverClosed")
      )
    ]
  }

  static let growingSet = network(loss: .unlimited, duplication: .unlimited)

  static func network(
    loss: Network.Fault,
    duplication: Network.Fault,
    reordering: Bool = true,
    isExplicit: Bool = false,
    capacity: Int? = nil
  ) -> Network {
    Network(
      name: nil,
      routes: [Network.Route(sender: 0, receiver: 0, messages: [0])],
      loss: loss,
      duplication: duplication,
      reordering: reordering,
      isExplicit: isExplicit,
      capacity: capacity,
      lifetime: nil,
      span: .none
    )
  }

  var text: BriefText { BriefText(model: model, sources: sources) }

  var context: ReportContext {
    ReportContext(text: text, path: "specs/Closing.linger")
  }

  /// Where a piece of the source stands.
  private func span(of piece: String) -> Span {
    guard let range = Self.source.range(of: piece) else { return .none }
    let start = Self.source.utf8.distance(
      from: Self.source.utf8.startIndex,
      to: range.lowerBound
    )
    return Span(file: 0, start: start, end: start + piece.utf8.count)
  }

  private func transition(
    _ name: String,
    _ trigger: Transition.Trigger,
    documentation: String? = nil
  ) -> Transition {
    Transition(
      name: name,
      documentation: documentation,
      role: 0,
      trigger: trigger,
      fairness: .none,
      guardCondition: nil,
      body: [],
      localCount: 2,
      isOtherwise: false,
      span: span(of: "transition \(name)")
    )
  }

  private func variable(_ name: String, _ type: ModelType, _ initial: Value) -> Role.Variable {
    Role.Variable(
      name: name,
      documentation: nil,
      type: type,
      initial: initial,
      isGhost: false,
      span: .none
    )
  }

  // States and runs.

  static func segment(
    _ seq: Int,
    fin: Bool = false,
    from sender: Int = 0,
    to receiver: Int = 1
  )
    -> Envelope
  {
    Envelope(
      network: 0,
      sender: sender,
      receiver: receiver,
      message: .record(0, [.integer(seq), .bool(fin)])
    )
  }

  /// A state of all peers; `flying` are the messages under way.
  func state(
    _ peers: [(state: Value, count: Int, armed: Bool)],
    flying: [Envelope] = [],
    lossLeft: Int? = nil
  ) -> State {
    State(
      instances: peers.map {
        State.InstanceState(variables: [$0.state, .integer($0.count)], armed: [$0.armed])
      },
      networks: [
        State.NetworkState(
          messages: flying.map { State.InFlight(envelope: $0, copies: 1) },
          lossLeft: lossLeft,
          duplicationLeft: nil
        )
      ]
    )
  }

  var initial: State {
    state(model.instances.map { _ in (Self.open, 0, false) })
  }

  static func call(_ instance: Int, urgent: Bool = false) -> Step {
    .transition(instance: instance, transition: 0, cause: .call, choices: [.bool(urgent)])
  }

  static func receive(_ envelope: Envelope, choices: [Value] = []) -> Step {
    .transition(
      instance: envelope.receiver,
      transition: 1,
      cause: .receive(envelope),
      choices: choices
    )
  }

  static func timeout(_ instance: Int) -> Step {
    .transition(instance: instance, transition: 2, cause: .timeout(timer: 0), choices: [])
  }
}

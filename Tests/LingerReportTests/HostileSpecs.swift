/// Specs that no chart was made for: long names, long words, many instances, much in one step.
enum HostileSpecs {
  static let all: [(name: String, text: String)] = [
    ("dropped", dropped), ("dropped leftwards", droppedLeftwards), ("seven peers", star(6)),
    ("thirteen peers", star(12)), ("forty peers", star(39)), ("long names", longNames),
    ("long words", longWords), ("busy", busy), ("ring", ring), ("delays", delays),
    ("alone", alone), ("untaken", untaken),
  ]

  static let dropped = """
    protocol Label
    message Frame { seq: 0...1; item: 0...1 }
    network { A -> B: Frame; loss; capacity 1 }
    role A {
      var n: 0...20 = 0
      transition go on internal when n < 20 { n += 1; send Frame(seq: 0, item: 1) }
    }
    role B { var got: 0...20 = 0; transition take on receive f when got < 20 { got += 1 } }
    instances a: A
    instances b: B
    final { true }
    """

  static let droppedLeftwards =
    dropped.replacing("instances a: A\n", with: "")
    .replacing("final", with: "instances a: A\nfinal")

  /// Clients around one server, which answers.
  static func star(_ count: Int) -> String {
    """
    protocol Star
    message Connect
    message Welcome { place: 0...3 }
    network up { C -> S: Connect }
    network down { S -> C: Welcome; loss; duplication 3; explicit; capacity 2 }
    role C {
      var isConnected = false
      transition connect on call connect() when !isConnected {
        isConnected = true
        send Connect()
      }
      transition welcome on receive w: Welcome { }
    }
    role S {
      transition take on receive c: Connect from client { send Welcome(place: 2) to client }
    }
    instances c[\(count)]: C
    instances s: S
    final { true }
    """
  }

  static let longNames = """
    protocol LongNames
    enum ConnectionEstablishmentState { waitingForTheFirstHandshakeMessage, established }
    message InitialHandshakeRequestWithExtensions {
      proposedMaximumSegmentLifetime: 0...4000000
      supportsSelectiveAcknowledgement: Bool
    }
    network {
      Initiator -> RespondingTransportEndpoint: InitialHandshakeRequestWithExtensions
      loss, capacity 1
    }
    role Initiator {
      var numberOfRequestsSentSoFar: 0...9 = 0
      timer retransmissionOfTheInitialHandshakeRequest
      signal connectionAttemptWasAbandoned(afterSoManyRetransmissions: 0...9)
      /// RFC-99999-section-3.14.15.92-sixth-paragraph-of-the-second-bullet-point-of-the-list: send.
      transition establishConnectionActively on call openConnection(withOptionalExtensions: Bool)
        when numberOfRequestsSentSoFar < 9
      {
        numberOfRequestsSentSoFar += 1
        start retransmissionOfTheInitialHandshakeRequest for 250 ms
        for endpoint in RespondingTransportEndpoint {
          send InitialHandshakeRequestWithExtensions(
            proposedMaximumSegmentLifetime: 3999999, supportsSelectiveAcknowledgement: true
          ) to endpoint
        }
      }
      transition abandon on timeout retransmissionOfTheInitialHandshakeRequest {
        signal connectionAttemptWasAbandoned(afterSoManyRetransmissions: numberOfRequestsSentSoFar)
      }
    }
    role RespondingTransportEndpoint {
      var connectionState: ConnectionEstablishmentState = .waitingForTheFirstHandshakeMessage
      transition acceptTheInitialHandshakeRequest on receive request {
        connectionState = .established
      }
    }
    instances theOneAndOnlyInitiatorOfConnections: Initiator
    instances firstRespondingEndpoint, secondRespondingEndpoint: RespondingTransportEndpoint
    final { true }
    """

  /// Words without a place to break them, longer than a line.
  static let longWords: String = {
    let (message, field) = ("M" + "m".repeated(70), "f".repeated(110))
    let (variable, timer) = ("v".repeated(170), "t".repeated(50))
    return """
      protocol LongWords
      message \(message) { \(field): 0...3 }
      network { A -> A: \(message); loss; explicit }
      role A {
        var \(variable): 0...3 = 0
        timer \(timer)
        /// \("documentation/without/blanks/".repeated(8)) and then more.
        transition t on internal when \(variable) < 3 {
          \(variable) += 1
          start \(timer) for 1 s
          for p in A where p != self { send \(message)(\(field): \(variable)) to p }
        }
        transition u on timeout \(timer) { }
        otherwise receive { }
      }
      instances \("x".repeated(60)), \("y".repeated(30)): A
      final { true }
      """
  }()

  /// Structs, arrays, sets, choices, signals, timers with an index, and errors at the end.
  static let busy = """
    protocol Busy
    enum Colour { red, green, blue }
    struct Entry { term: 0...9; colour: Colour; isCommitted: Bool }
    message Append { leader: 0...9; entries: Queue<Entry, 4>; colours: Set<Colour>; last: Entry? }
    network { Node -> Node: Append; loss 2; duplication 2; reordering; explicit; capacity 2 }
    role Node {
      var log: Queue<Entry, 4> = []
      var votes: [Colour: 0...9] = [repeating: 0]
      var last: Entry? = nil
      timer election[3]
      signal committed(entry: Entry, by: Node)
      /// Raft §5.3: a leader appends. It never overwrites.
      transition append on call append(colour: Colour, term: 0...9) {
        let entry = Entry(term: term, colour: colour, isCommitted: term > 4)
        log.append(entry)
        votes[colour] += 1
        votes[.red] += 3
        start election[1] for 1 s
        cancel election[0]
        signal committed(entry: entry, by: self)
        for p in Node where p != self {
          send Append(leader: term, entries: log, colours: [.red, colour], last: last) to p
        }
      }
      transition tick on timeout election[i] { start election[i] for 100 ms }
      transition take on receive m from p {
        choose n in 0...5
        last = m.last
        votes[.blue] += n
        assert(votes[.blue] < 8)
      }
    }
    instances node[4]: Node
    final { true }
    """

  /// Each sends to the next but one, so that arrows cross lifelines both ways.
  static let ring = """
    protocol Ring
    message Baton { round: 0...99; holder: 0...4 }
    network { N -> N: Baton }
    role N {
      var round: 0...99 = 0
      var next: N
      var number: 0...4
      transition start on call start() when round == 0 && number == 0 {
        round = 1
        send Baton(round: 1, holder: number) to next
      }
      transition pass on receive b when b.round < 99 {
        round = b.round
        send Baton(round: b.round + 1, holder: number) to next
      }
    }
    instances a: N(next: c, number: 0)
    instances b: N(next: d, number: 1)
    instances c: N(next: e, number: 2)
    instances d: N(next: a, number: 3)
    instances e: N(next: b, number: 4)
    final { true }
    """

  static let delays = """
    protocol Delays
    parameter fastest: Duration = 100 ms
    parameter slowest: Duration = 2 s
    message Task { number: 0...9 }
    message Done { number: 0...9 }
    network { Client -> Worker: Task; Worker -> Client: Done; delay fastest...slowest }
    role Client {
      var next: 0...9 = 0
      timer patience
      urgent transition ask on internal when next < 9 && !patience.isArmed {
        next += 1
        send Task(number: next)
        start patience for slowest + slowest
      }
      transition done on receive d { cancel patience }
      transition late on timeout patience { }
    }
    role Worker {
      var pending: (0...9)? = nil
      transition take on receive t { pending = t.number }
      urgent transition answer on internal when pending != nil {
        if let number = pending { send Done(number: number) }
        pending = nil
      }
    }
    instances client: Client
    instances worker: Worker
    final { true }
    """

  static let alone = """
    protocol Alone
    role Counter {
      var n: 0...3 = 0
      transition up on call up(by: 1...2) { n += by }
    }
    instances counter: Counter
    final { true }
    """

  static let untaken = """
    protocol Untaken
    enum Reason { administrativelyProhibited, portUnreachable }
    message Reject { reason: Reason; isPermanent: Bool; hint: 0...4000000000 }
    network { Filter -> Host: Reject; loss }
    role Filter {
      var count: 0...3 = 0
      transition reject on internal when count < 3 {
        count += 1
        send Reject(reason: .administrativelyProhibited, isPermanent: true, hint: 3999999999)
      }
    }
    role Host { var isUp = true; transition down on call down() { isUp = false } }
    instances filter: Filter
    instances host: Host
    final { true }
    """
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}

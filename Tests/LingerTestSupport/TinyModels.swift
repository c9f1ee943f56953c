import LingerDiagnostics
package import LingerModel
import LingerSema

/// A spec that was expected to compile and does not.
package struct SpecTextError: Error, CustomStringConvertible {
  package var description: String

  package init(description: String) {
    self.description = description
  }
}

extension Model {
  /// The model of a spec given as text; parameters as on the command line.
  package init(
    spec text: String,
    setting values: [(name: String, value: String)] = [],
    foldsConstants: Bool = true,
    allowsWideValues: Bool = false
  ) throws {
    var options = CompileOptions()
    options.parameters = values
    options.foldsConstants = foldsConstants
    options.allowsWideValues = allowsWideValues
    let compilation = compile(path: "Test.linger", options: options) { path in
      path == "Test.linger" ? .success(Array(text.utf8)) : .failure(.notFound)
    }
    guard let model = compilation.model else {
      let problems = compilation.diagnostics.map { diagnostic in
        let line = compilation.sources.location(diagnostic.span)?.line ?? 0
        return "\(line): \(diagnostic.code.name) \(diagnostic.message)"
      }
      throw SpecTextError(description: "\(problems.joined(separator: "\n"))\n\(text)")
    }
    self = model
  }
}

extension Model {
  /// The model of a spec that implementations are held against.
  package init(followed text: String) throws { try self.init(spec: text, allowsWideValues: true) }
}

/// Small protocols whose numbers of states and transitions are known from elsewhere.
package enum TinyModels {
  /// A close with data over explicit loss and duplication; Spin, Rumur and TLC agree on its
  /// counts (`specs/close-net`). Parameters `D`, `C`, `R`, `W`.
  package static let closeNet = """
    protocol CloseNet
    parameter D: 0...4 = 0
    parameter C: 1...3 = 1
    parameter R: 0...3 = 0
    parameter W: 1...4 = 1
    enum Phase { ESTAB, FW1, FW2, CLOSING, TW, CW, LA, CLOSED }
    message Data { i: 0...D }
    message Ack { n: 0...(D + 1) }
    network {
      Peer -> Peer: Data, Ack
      loss, duplication, reordering, explicit, capacity C
    }
    role Peer {
      var st: Phase = .ESTAB
      var una: 0...(D + 1)
      var nxt: 0...(D + 1)
      var rcv: 0...(D + 1)
      var rtx: 0...R
      let mayTalk() -> Bool = st == .ESTAB || st == .CW
      transition sendData on internal
        when mayTalk() && nxt < D && nxt - una < W && network.count(Data(i: nxt)) < C
      {
        send Data(i: nxt)
        nxt += 1
      }
      transition close on internal
        when mayTalk() && nxt == D && network.count(Data(i: D)) < C
      {
        send Data(i: D)
        nxt = D + 1
        if st == .ESTAB { st = .FW1 } else { st = .LA }
      }
      transition retransmit on internal
        when st != .CLOSED && st != .TW && una < nxt && rtx < R
          && network.count(Data(i: una)) < C
      {
        send Data(i: una)
        rtx += 1
      }
      transition expire on internal when st == .TW { st = .CLOSED }
      transition data on receive s: Data {
        if st != .CLOSED {
          if s.i == rcv {
            rcv += 1
            if s.i == D {
              if st == .ESTAB { st = .CW } else if st == .FW1 { st = .CLOSING }
              else if st == .FW2 { st = .TW }
            }
          }
          if network.count(Ack(n: rcv)) < C { send Ack(n: rcv) }
        }
      }
      transition ack on receive s: Ack {
        if st != .CLOSED && s.n > una {
          una = s.n
          rtx = 0
          if s.n == D + 1 {
            if st == .FW1 { st = .FW2 } else if st == .CLOSING { st = .TW }
            else if st == .LA { st = .CLOSED }
          }
        }
      }
    }
    instances a, b: Peer
    final { true }
    invariant lastDataSeen { for all p in Peer: p.st == .TW implies p.rcv == D + 1 }
    """

  /// Lamport's TwoPhase with three resource managers: TLC finds 288 states and generates 1,146,
  /// the initial one included (TLA+ examples, `transaction_commit`). Depth 11 counts states.
  package static let twoPhaseCommit = """
    protocol TwoPhase
    enum Manager { WORKING, PREPARED, COMMITTED, ABORTED }
    enum Coordinator { OPEN, COMMITTED, ABORTED }
    message Prepared { }
    message Commit { }
    message Abort { }
    network {
      Resource -> Transaction: Prepared
      Transaction -> Resource: Commit, Abort
      duplication, reordering
    }
    role Transaction {
      var state: Coordinator
      var prepared: Set<Resource>
      transition noted on receive m: Prepared from r when state == .OPEN { prepared.insert(r) }
      transition commit on internal
        when state == .OPEN && (for all r in Resource: prepared.contains(r))
      {
        state = .COMMITTED
        for r in Resource { send Commit() to r }
      }
      transition abort on internal when state == .OPEN {
        state = .ABORTED
        for r in Resource { send Abort() to r }
      }
    }
    role Resource {
      var state: Manager
      transition prepare on internal when state == .WORKING {
        state = .PREPARED
        send Prepared()
      }
      transition giveUp on internal when state == .WORKING { state = .ABORTED }
      transition commit on receive m: Commit { state = .COMMITTED }
      transition abort on receive m: Abort { state = .ABORTED }
    }
    instances t: Transaction
    instances r[3]: Resource
    final { true }
    invariant consistent {
      !(exists p in Resource: p.state == .COMMITTED)
        || !(exists p in Resource: p.state == .ABORTED)
    }
    """

  /// Counters that count by themselves: 3 of them to `top` give (top + 1)^3 states and
  /// 3 * top * (top + 1)^2 transitions.
  package static let counters = """
    protocol Counters
    parameter top: 1...9 = 3
    role Counter {
      var n: 0...top
      transition tick on internal when n < top { n += 1 }
    }
    instances c[3]: Counter
    final { for all p in Counter: p.n == top }
    cover full { for all p in Counter: p.n == top }
    """

  /// `total` messages through a queue of `room`: a state for each (sent, received) with
  /// 0 <= sent - received <= room.
  package static let pipe = """
    protocol Pipe
    parameter total: 1...9 = 5
    parameter room: 1...4 = 2
    message Item { n: 1...total }
    network {
      Source -> Sink: Item
      capacity room
    }
    role Source {
      var sent: 0...total
      transition put on internal when sent < total {
        sent += 1
        send Item(n: sent)
      }
    }
    role Sink {
      var got: 0...total
      transition take on receive m: Item {
        got += 1
        assert m.n == got, "items come in order"
      }
    }
    instances s: Source
    instances k: Sink
    final { k.got == total }
    """

  /// The alternating bit over a network that loses, doubles and reorders: reordering breaks it.
  package static let alternatingBit = """
    protocol AlternatingBit
    message Data { bit: 0...1 }
    message Ack { bit: 0...1 }
    network {
      Sender -> Receiver: Data
      Receiver -> Sender: Ack
      loss 2, duplication 1, capacity 2
    }
    role Sender {
      var bit: 0...1
      var accepted: 0...2
      timer resend
      transition offer on call offer() when accepted < 2 && !resend.isArmed {
        send Data(bit: bit)
        start resend for 1 s
      }
      transition again on timeout resend {
        send Data(bit: bit)
        start resend for 1 s
      }
      transition ack on receive a: Ack when a.bit == bit {
        if resend.isArmed {
          accepted += 1
          bit = 1 - bit
          cancel resend
        }
      }
      otherwise receive { }
    }
    role Receiver {
      var expected: 0...1
      var delivered: 0...2
      transition data on receive d: Data {
        if d.bit == expected {
          delivered += 1
          expected = 1 - expected
        }
        send Ack(bit: d.bit)
      }
    }
    instances s: Sender
    instances r: Receiver
    final { s.accepted == 2 && r.delivered == 2 }
    invariant nothingInvented { r.delivered == s.accepted || r.delivered == s.accepted + 1 }
    """
}

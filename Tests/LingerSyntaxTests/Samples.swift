import Foundation

enum Samples {
  /// The project's folder.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Every construct of the language once.
  static let everything = """
    /// Two peers.
    protocol Everything

    import "common.linger"

    /// A bound.
    parameter resends: 0...8 = 2
    parameter msl: Duration = 120 s
    assume msl > 0.5 ms && resends in 0...4
    type Number = 0...(resends + 1)
    enum State { OPEN, CLOSING, CLOSED }
    struct Pair { left: Number; right: Number = 0 }
    message Segment {
      number: Number
      fin: Bool = false
    }
    message Ping
    let limit = 3
    let half(n: Number) -> Number = n / 2

    network wire {
      Peer -> Peer: Segment, Ping
      loss 2, duplication, reordering
      capacity 2
      lifetime 2 * msl
    }

    role Peer {
      var state: State = .OPEN
      var last: Number?
      var seen: Set<Number> = []
      var slots: [3 of Bool] = [repeating: false]
      var table: [State: Number]
      var queue: Queue<Pair, limit>
      ghost var wasClosed = false
      timer retransmission
      timer retry[limit + 1] armed for 2 * msl
      signal closed(state: State)
      let isOpen = state == .OPEN || state == .CLOSING && !seen.isEmpty

      /// The CLOSE call.
      transition close on call close(number: Number)
        when isOpen && number > -1
      {
        send Segment(number: number, fin: true) to self
        start retransmission for 2 * msl
        seen.insert(number)
        slots[number] = true
        state = .CLOSING
      }

      fair transition arrival on receive s: Segment from peer when s.fin implies state != .CLOSED {
        if let n = last { last = n > 0 ? n : nil } else if s.fin { cancel retransmission } else {
          last = s.number
        }
        switch state {
        case .OPEN, .CLOSING: state = .CLOSED; wasClosed = true
        case .CLOSED:
          signal closed(state: .CLOSED)
        default:
          queue.append(Pair(left: 1, right: last ?? 0))
        }
        for p in Peer where p != self { send Ping() to p }
        choose n in 0...3 where n != 2
        let copy: Number = last! + n % 2
        assert copy <= 4, "too many"
        table[.OPEN] += copy
      }

      strongly fair transition expiry on timeout retransmission { state = .CLOSED }
      transition again on timeout retry[n] when !retry[0].isArmed {
        start retry[n] for 1 s
        cancel retry[limit]
      }
      transition step on internal { queue.removeFirst() }
      otherwise receive _: Segment { }
    }

    symmetric instances a, b: Peer(state: .OPEN)
    instances node[3]: Peer

    final { for all p in Peer: p.state == .CLOSED }
    invariant bounded { for all p in Peer where p != a: (count q in Peer: q.x) <= 3 }
    possible closing { exists p in Peer: p.state == .CLOSING }
    eventually closes { for all p in Peer: p.state == .CLOSING ~> p.state == .CLOSED }
    cover both { a.state == .CLOSING && b.state == .CLOSING }
    possible closable for each p in Peer, n in 0...limit where n > 1 { p.last == n }
    audit { without deadlock, with not-restored for Peer.last, expect left-open for Peer.CLOSED }
    timed invariant gone { a.wasClosed implies wire.isEmpty && wire.count(Ping()) == 0 }

    profile quick { msl = 1 s; resends = 0 }

    """

  /// Every construct of a variant.
  static let variant = """
    variant Broken of "../Everything.linger"

    set resends = 1
    remove bounded
    replace final { a.state == .CLOSED }
    extend role Peer {
      remove step
      replace transition expiry on timeout retransmission { }
      replace otherwise receive { }
      var attempts: 0...3
    }

    """

  /// The specs of the project, by name.
  static let specs: [(name: String, text: String)] = {
    let folder = root.appendingPathComponent("specs")
      .resolvingSymlinksInPath()
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (names ?? []).filter { $0.hasSuffix(".linger") }.sorted().compactMap { name in
      let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      return text.map { (name, $0) }
    }
  }()
}

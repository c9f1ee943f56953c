import LingerModel
import LingerReport
import Testing

@Suite struct MessageLedgerTests {
  private func ledger(_ steps: [(Step, sends: [Envelope])], over network: Network) -> MessageLedger
  {
    let peers = ClosingPeers(network: network)
    let trace = Trace(
      initial: peers.initial,
      entries: steps.map { step, sends in
        Trace.Entry(
          step: step,
          effects: sends.map { .send($0, isDropped: false) },
          state: peers.initial,
          error: nil
        )
      }
    )
    return MessageLedger(trace, in: peers.model)
  }

  private let one = ClosingPeers.segment(1)
  private let two = ClosingPeers.segment(2)

  @Test("two sendings of one value are told apart: the oldest arrives first")
  func sameValue() {
    let ledger = ledger(
      [
        (ClosingPeers.call(0), [one]), (ClosingPeers.call(0), [one]),
        (ClosingPeers.receive(one), []), (ClosingPeers.receive(one), []),
        (ClosingPeers.receive(one), []),
      ],
      over: ClosingPeers.growingSet
    )
    #expect(ledger.entries.map(\.number) == [nil, nil, 1, 2, 2])
    #expect(ledger.entries.map(\.isAgain) == [false, false, false, false, true])
    #expect(ledger.remaining.map(\.number) == [2])
  }

  @Test("in a queue the head arrives, and acts name a place in it")
  func queue() {
    let network = ClosingPeers.network(loss: .unlimited, duplication: .unlimited, reordering: false)
    let ledger = ledger(
      [
        (ClosingPeers.call(0), [one, two]), (.duplicate(two, position: 1), []),
        (.lose(one, position: 0), []), (ClosingPeers.receive(two), []),
        (ClosingPeers.receive(two), []),
      ],
      over: network
    )
    #expect(ledger.entries.map(\.number) == [nil, 2, 1, 2, 2])
    #expect(ledger.entries.map(\.isAgain) == [false, false, false, false, true])
    #expect(ledger.entries[0].sendings.map(\.fate) == [.isLost, .arrives])
    #expect(ledger.remaining == [])
  }

  @Test("a copy that is lost does not make its sending lost while another copy flies")
  func lostCopy() {
    let network = ClosingPeers.network(loss: .unlimited, duplication: .unlimited, isExplicit: true)
    let ledger = ledger(
      [
        (ClosingPeers.call(0), [one]), (.duplicate(one, position: 0), []),
        (.lose(one, position: 0), []),
      ],
      over: network
    )
    #expect(ledger.entries[0].sendings.map(\.fate) == [.neverArrives])
    #expect(ledger.remaining.map(\.number) == [1])
  }
}

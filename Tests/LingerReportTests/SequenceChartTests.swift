import LingerModel
import LingerReport
import Testing

@Suite struct SequenceChartTests {
  @Test("each arrival is tied to its sending, and a repeated one says so")
  func growingSet() throws {
    let peers = ClosingPeers()
    let chart = SequenceChart(peers.duplicateArrival, in: peers.text).render()
    try checkSnapshot("chart-growing-set.txt", chart)
  }

  @Test("acts of the network, ignored timeouts and errors are marked")
  func faults() throws {
    let network = ClosingPeers.network(loss: .budget(1), duplication: .unlimited, isExplicit: true)
    let peers = ClosingPeers(network: network)
    let chart = SequenceChart(peers.faults, in: peers.text).render()
    try checkSnapshot("chart-faults.txt", chart)
  }

  @Test("ASCII charts have no other character")
  func ascii() throws {
    let peers = ClosingPeers()
    var style = TextStyle()
    style.glyphs = .ascii
    let chart = SequenceChart(peers.duplicateArrival, in: peers.text, style: style).render()
    let words = chart.replacing("§", with: "")
    #expect(words.allSatisfy { $0.isASCII })
    try checkSnapshot("chart-ascii.txt", chart)
  }

  @Test("a message that nothing takes arrives below the last step")
  func untaken() throws {
    let peers = ClosingPeers()
    let fin = ClosingPeers.segment(1, fin: true)
    var trace = peers.duplicateArrival
    trace.entries.removeLast(2)
    let chart = SequenceChart(trace, in: peers.text, envelope: fin).render()
    try checkSnapshot("chart-untaken.txt", chart)
  }

  @Test("three lifelines: a long label stands above its arrow, lifelines between are crossed")
  func threePeers() throws {
    let peers = ClosingPeers(peers: ["client", "relay", "server"])
    let fin = ClosingPeers.segment(1, fin: true, from: 0, to: 2)
    let open = (ClosingPeers.open, 0, false)
    let sent = peers.state([(ClosingPeers.closing, 1, false), open, open], flying: [fin])
    let taken = peers.state(
      [(ClosingPeers.closing, 1, false), open, (ClosingPeers.closed, 0, false)],
      flying: [fin]
    )
    let trace = Trace(
      initial: peers.initial,
      entries: [
        Trace.Entry(
          step: ClosingPeers.call(0),
          effects: [.send(fin, isDropped: false)],
          state: sent,
          error: nil
        ),
        Trace.Entry(step: ClosingPeers.receive(fin), effects: [], state: taken, error: nil),
      ]
    )
    var style = TextStyle()
    style.width = 60
    let chart = SequenceChart(trace, in: peers.text, style: style).render()
    #expect(chart.split(separator: "\n").allSatisfy { $0.count <= 60 })
    try checkSnapshot("chart-three-peers.txt", chart)
  }

  @Test("of many instances only those that take part have a lifeline")
  func manyPeers() throws {
    let names = (0..<6).map { "node[\($0)]" }
    let peers = ClosingPeers(peers: names)
    let fin = ClosingPeers.segment(1, from: 1, to: 4)
    let trace = Trace(
      initial: peers.initial,
      entries: [
        Trace.Entry(
          step: ClosingPeers.call(1),
          effects: [.send(fin, isDropped: false)],
          state: peers.initial,
          error: nil
        )
      ]
    )
    let chart = SequenceChart(trace, in: peers.text).render()
    try checkSnapshot("chart-many-peers.txt", chart)
  }

  @Test("an empty run shows where everything starts")
  func emptyRun() throws {
    let peers = ClosingPeers()
    let chart = SequenceChart(Trace(initial: peers.initial), in: peers.text).render()
    try checkSnapshot("chart-empty.txt", chart)
  }

  @Test(
    "the first sentence of a documentation comment ends at its full stop",
    arguments: [
      ("RFC 9293 §3.10.4: the CLOSE call. More.", "RFC 9293 §3.10.4: the CLOSE call."),
      ("See section 3.6. Then", "See section 3.6."),
      ("One line\ngoes on here\n\nNot this", "One line goes on here"),
      ("A case, e.g. this one. Not that.", "A case, e.g. this one."),
      ("No stop", "No stop"),
    ]
  )
  func firstSentence(documentation: String, sentence: String) {
    #expect(BriefText.firstSentence(documentation) == sentence)
  }
}

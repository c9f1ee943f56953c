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

  @Test("what does not fit on an arrow stands above it, a remark below it")
  func narrow() throws {
    let text = try BriefText(spec: HostileSpecs.dropped)
    let chart = ChartCase("dropped", text, seed: 4, steps: 4).chart(width: 40).render()
    try checkSnapshot("chart-narrow.txt", chart)
  }

  @Test("where there is no room for lifelines, the steps are a list")
  func list() throws {
    let text = try BriefText(spec: HostileSpecs.star(6))
    let chart = ChartCase("star", text, seed: 3, steps: 6).chart(width: 40).render()
    try checkSnapshot("chart-list.txt", chart)
  }

  @Test(
    "lifelines are drawn as long as there is room for short words between them",
    arguments: [(2, 40, true), (3, 40, false), (3, 60, true), (7, 100, false), (7, 120, true)]
  )
  func form(count: Int, width: Int, hasLifelines: Bool) throws {
    let text = try BriefText(spec: HostileSpecs.star(count - 1))
    var trace = ChartCase("star", text, seed: 1, steps: 60).trace
    trace.entries = trace.entries.filter { $0.step.isCall }
    let chart = ChartCase("star", trace, in: text).chart(width: width).render()
    #expect(chart.contains("│") == hasLifelines, "\(chart)")
  }

  @Test("documentation in a script with wide characters stays within the width")
  func wideCharacters() {
    var peers = ClosingPeers()
    peers.model.transitions[0].documentation = String(repeating: "接続を閉じる", count: 20)
    var style = TextStyle()
    style.width = 41
    let chart = SequenceChart(peers.duplicateArrival, in: peers.text, style: style).render()
    let isWide = { (character: Character) in ("\u{3041}"..."\u{9FFF}").contains(character) }
    #expect(chart.filter(isWide).count == 120)
    let widths = chart.split(separator: "\n").map { $0.count + $0.filter(isWide).count }
    #expect(widths.allSatisfy { $0 <= 41 }, "\(chart)")
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

extension Step {
  fileprivate var isCall: Bool {
    if case .transition(_, _, .call, _) = self { true } else { false }
  }
}

import LingerDiagnostics
import LingerModel
import LingerReport
import LingerTestSupport
import Testing

/// What has to be true of every chart at every width: it is no wider, it says everything that
/// happens, each at its step, and nothing stands where something else does.
@Suite struct ChartPropertyTests {
  static let widths = [40, 60, 80, 100, 160]
  /// Widths that nobody asks for: what is said there too must be whole.
  static let oddWidths = [1, 41, 47, 71, 333]

  static let seeds = Seeds(for: "charts of random specs")

  /// What is wrong with the chart of a run; nil where nothing is.
  private func fault(
    of run: ChartCase,
    width: Int,
    expecting expected: ExpectedWords.Squeezed
  ) -> String? {
    let drawing = run.chart(width: width).draw()
    let text = drawing.text
    let count = run.trace.entries.count
    let drawn = DrawnChart(text, stepCount: count)
    func describe(_ words: String) -> String { "\(run.name), width \(width): \(words)\n\(text)" }

    if drawn.widest > max(width, 40) { return describe("\(drawn.widest) columns") }
    if drawn.partCount != count + 1 { return describe("\(drawn.partCount) parts") }
    if let clash = drawing.clashes.first { return describe("overwritten: \(clash)") }
    if let row = drawn.broken.first { return describe("no lifeline in '\(row)'") }
    let opening = drawn.opening
    for words in expected.opening
    where !opening.contains(where: { ExpectedWords.missing(words, in: $0) == nil }) {
      return describe("not above: \(words)")
    }
    for (step, words) in expected.steps.enumerated() {
      if let word = ExpectedWords.missing(words, in: drawn.part(step)) {
        return describe("not at step \(step + 1): '\(word)'")
      }
    }
    if let word = ExpectedWords.missing(expected.ending, in: drawn.part(count)) {
      return describe("not at the end: '\(word)'")
    }
    return nil
  }

  /// What is wrong with the same chart in ASCII, whose signs have other widths.
  private func faultInASCII(of run: ChartCase, width: Int) -> String? {
    let drawing = run.chart(width: width, glyphs: .ascii).draw()
    let isWide = drawing.rows.contains { $0.count > max(width, 40) }
    guard isWide || !drawing.clashes.isEmpty else { return nil }
    return "\(run.name), width \(width), ASCII: \(drawing.clashes)\n" + drawing.text
  }

  private func check(_ runs: [ChartCase], widths: [Int] = widths) {
    var faults: [String] = []
    for run in runs {
      let expected = ExpectedWords(of: run).squeezed
      for width in widths {
        if let fault = fault(of: run, width: width, expecting: expected) { faults.append(fault) }
      }
      if let fault = faultInASCII(of: run, width: widths[1]) { faults.append(fault) }
    }
    #expect(faults.isEmpty, "\(faults.count) faults; \(faults.prefix(2).joined(separator: "\n"))")
  }

  /// Runs through a spec, the second with made-up times.
  private func runs(
    _ name: String,
    _ text: BriefText,
    seed: UInt64,
    steps: Int = 12
  ) -> [ChartCase] {
    let untimed = ChartCase(name, text, seed: seed, steps: steps)
    return [untimed, ChartCase(name, text, seed: seed + 1, steps: steps).timed(seed: seed)]
  }

  @Test("runs of random specs", arguments: [Seeds(from: 1), seeds])
  func randomSpecs(seeds: Seeds) throws {
    for seed in (0..<25).map(seeds.seed) {
      let text = try BriefText(spec: RandomSpec(seed: seed).text)
      check(runs("random spec \(seed)", text, seed: seed))
    }
  }

  @Test("runs of random timed specs", arguments: [Seeds(from: 1), seeds])
  func randomTimedSpecs(seeds: Seeds) throws {
    for seed in (0..<25).map(seeds.seed) {
      let text = try BriefText(spec: RandomTimedSpec(seed: seed).text)
      check(runs("random timed spec \(seed)", text, seed: seed))
    }
  }

  @Test("runs of every spec of the library and of its faulty variants", arguments: SpecFiles.paths)
  func library(path: String) throws {
    check(runs(path, try BriefText(file: path), seed: 1, steps: 8))
  }

  @Test("long names, long words, many instances", arguments: HostileSpecs.all.indices)
  func hostile(number: Int) throws {
    let (name, spec) = HostileSpecs.all[number]
    let text = try BriefText(spec: spec)
    check(runs(name, text, seed: 1), widths: Self.widths + Self.oddWidths)
    check(runs(name, text, seed: 3))
  }

  @Test("faults of the network, a message that nothing takes, an empty run")
  func byHand() {
    let network = ClosingPeers.network(loss: .budget(1), duplication: .unlimited, isExplicit: true)
    let peers = ClosingPeers(network: network)
    let fin = ClosingPeers.segment(1, fin: true)
    var untaken = peers.duplicateArrival
    untaken.entries.removeLast(2)
    check(
      [
        ChartCase("duplicate", peers.duplicateArrival, in: peers.text),
        ChartCase("faults", peers.faults, in: peers.text),
        ChartCase("untaken", untaken, in: peers.text, envelope: fin),
        ChartCase("empty", Trace(initial: peers.initial), in: peers.text),
      ],
      widths: Self.widths + Self.oddWidths
    )
  }

  @Test("a message to oneself, which only a spec with a mistake sends")
  func toOneself() {
    let peers = ClosingPeers()
    let own = ClosingPeers.segment(3, fin: true, from: 1, to: 1)
    let sent = peers.state([(ClosingPeers.open, 0, false), (ClosingPeers.closing, 1, false)])
    let entries = [
      Trace.Entry(
        step: ClosingPeers.call(1),
        effects: [.send(own, isDropped: false), .send(own, isDropped: true)],
        state: sent,
        error: nil
      ),
      Trace.Entry(step: ClosingPeers.receive(own), effects: [], state: sent, error: nil),
      Trace.Entry(step: .duplicate(own, position: 0), effects: [], state: sent, error: nil),
      Trace.Entry(step: .lose(own, position: 0), effects: [], state: sent, error: nil),
    ]
    let trace = Trace(initial: peers.initial, entries: entries)
    check([ChartCase("to oneself", trace, in: peers.text)], widths: Self.widths + Self.oddWidths)
  }
}

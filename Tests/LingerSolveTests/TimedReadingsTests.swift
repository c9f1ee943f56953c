import LingerEval
import LingerExplore
import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// The untimed reading has every run that the timed one has: what the explorer finds to hold, the
/// solver must not refute, and a timed violation is an untimed one.
@Suite struct TimedReadingsTests {
  static let seeds = Seeds(for: "two readings")

  @Test("of random specs", arguments: 0..<4)
  func randomSpecs(batch: Int) throws {
    var both = 0
    var neither = 0
    for number in 0..<60 {
      let sample = try TimedSample(seed: Self.seeds.seed(4 * number + batch))
      guard sample.hasGraph(upTo: 40) else { continue }
      guard let untimed = sample.property(named: "untimed"),
        let timed = sample.property(named: "state")
      else { preconditionFailure("a random spec names the pair") }
      let differences = differences(sample.model, untimed: untimed, timed: timed)
      #expect(differences.isEmpty, "\(differences)\n\(sample)")
      if case .holds = verdict(sample.model, untimed) { both += 1 } else { neither += 1 }
    }
    #expect(both >= 5 && neither >= 5)
  }

  /// Their invariants, and that what a `cover` describes is never reached.
  @Test("of the specs in specs/")
  func committedSpecs() throws {
    var compared = 0
    for path in SpecFiles.paths {
      let model = try SpecFiles.model(path)
      guard (try? ControlGraph(model, limit: 150)) != nil else { continue }
      for property in model.properties.indices {
        guard let (untimed, timed) = pair(model, property) else { continue }
        let answer = checkTimed(timed, property: property, options: options)
        if case .unknown = answer.result.verdict, answer.internalError == nil { continue }
        compared += 1
        let differences = differences(verdict(untimed, property), answer)
        #expect(differences.isEmpty, "\(path), \(model.properties[property].name): \(differences)")
      }
    }
    print("two readings: \(compared) properties of specs/")
    #expect(compared >= 20)
  }

  /// The model with a property as an invariant of each reading; nil for other properties.
  private func pair(_ model: Model, _ number: Int) -> (untimed: Model, timed: Model)? {
    var property = model.properties[number]
    switch property.kind {
    case .invariant: break
    case .cover: property.body = Expression(.not(property.body), .bool, property.body.span)
    default: return nil
    }
    var untimed = model
    property.kind = .invariant
    untimed.properties[number] = property
    var timed = model
    property.kind = .timedInvariant
    timed.properties[number] = property
    return (untimed, timed)
  }

  private var options: TimedOptions {
    var options = TimedOptions()
    options.engine = .zones
    return options
  }

  private func verdict(_ model: Model, _ property: Int) -> Verdict? {
    let report = explore(model, options: ExploreOptions(questions: [.property(property)]))
    // An error of the spec is told besides; neither reading follows the runs that it ends.
    let result = report.results.first { $0.question == .property(property) }
    return result?.verdictWithoutErrors ?? result?.verdict
  }

  private func differences(_ model: Model, untimed: Int, timed: Int) -> String {
    differences(
      verdict(model, untimed),
      checkTimed(model, property: timed, options: options)
    )
  }

  /// What contradicts the untimed verdict; empty where nothing does.
  private func differences(_ untimed: Verdict?, _ timed: TimedAnswer) -> String {
    if let internalError = timed.internalError { return internalError }
    switch (untimed, timed.result.verdict) {
    case (.holds, .holds), (.violated, .holds): return ""
    case (.holds, .violated): return "a timed violation of what holds untimed"
    case (.violated(let short), .violated(let long)):
      let lengths = [short, long].map { $0.trace?.entries.count ?? -1 }
      return lengths[0] <= lengths[1] ? "" : "a timed violation in fewer steps"
    // Errors of the spec cut runs off, in time perhaps not; time may stand still besides.
    case (.unknown, _): return ""
    case (_, .unknown) where timed.specError != nil: return ""
    case (let left, let right): return "\(left.map { "\($0)" } ?? "no answer"), \(right)"
    }
  }
}

import LingerEval
import LingerModel
import LingerSolve
import LingerTestSupport

/// A spec whose timed invariants are asked of several judges.
struct TimedSample: CustomStringConvertible {
  /// What a failure prints: the seed and the text of a random spec, the path of another.
  let description: String
  var model: Model

  /// A random spec; its first line names the seed.
  init(seed: UInt64, comparisons: Bool = false, beginnings: Bool = false) throws {
    let spec = RandomTimedSpec(seed: seed, comparisons: comparisons, beginnings: beginnings)
    description = spec.text
    model = try Model(spec: spec.text)
  }

  /// A spec of `specs/`, with other values for its finite parameters.
  init(path: String, setting values: [(name: String, value: String)] = []) throws {
    let settings = values.map { " \($0.name)=\($0.value)" }.joined()
    description = path + settings
    model = try SpecFiles.model(path, setting: values)
  }

  /// The timed invariants.
  var questions: [Int] {
    model.properties.indices.filter { model.properties[$0].kind == .timedInvariant }
  }

  func property(named name: String) -> Int? {
    model.properties.firstIndex { $0.name == name }
  }

  /// Whether the control graph from each initial state has at most so many locations; false where
  /// there is none.
  func hasGraph(upTo locations: Int) -> Bool {
    guard let beginnings = try? Beginnings(of: model) else { return false }
    return (beginnings.models ?? [model]).allSatisfy { model in
      (try? ControlGraph(model, limit: locations)).map { $0.locations.count <= locations } ?? false
    }
  }

  /// What the independent judge says.
  func expected(_ property: Int, timeless: Bool = false) -> ZoneExplorer.Answer {
    var explorer = ZoneExplorer(
      Evaluator(model),
      model.properties[property],
      ticksPerSecond: Self.ticksPerSecond,
      zoneLimit: 2_000,
      timeless: timeless
    )
    return explorer.answer()
  }

  /// Enough for half of a parameter that is a whole number of half seconds.
  private static let ticksPerSecond = 4

  func answer(_ property: Int, by engine: TimedEngine) -> TimedAnswer {
    var options = TimedOptions()
    options.wantsCertificate = false
    options.engine = engine
    options.resourceUnits = 10_000_000
    return checkTimed(model, property: property, options: options)
  }
}

extension TimedAnswer {
  /// The verdict in the judge's terms.
  var judged: ZoneExplorer.Answer {
    if let internalError { return .undecided("internal error: \(internalError)") }
    return switch result.verdict {
    case .holds: .holds
    case .violated(let violation): .violated(depth: violation.trace?.entries.count ?? -1)
    case .unknown(let reason):
      specError.map { .cutOff(depth: $0.steps) } ?? .undecided(reason.text)
    }
  }
}

/// Values of the duration parameters.
extension TimedSample {
  /// The same spec with other values for its duration parameters.
  func setting(_ values: [(name: String, value: Rational)]) -> TimedSample {
    var sample = self
    for number in durations {
      let name = model.parameters[number].name
      for setting in values where setting.name == name {
        sample.model.parameters[number].value = .duration(setting.value)
      }
    }
    return sample
  }

  /// A random spec compiled anew with the values of a point: what the compiler works out from
  /// durations is another value then.
  func compiled(at point: TimedSample) throws -> TimedSample {
    var result = point
    let values = point.values.compactMap { name, value in
      value.decimal.map { (name: name, value: "\($0) s") }
    }
    result.model = try Model(spec: description, setting: values)
    return result
  }

  /// Small values, so that many of them are equal; nil where none satisfy the assumptions.
  ///
  /// What is not `free` and has a symbolic default follows from the others.
  func point(
    free: [Int],
    _ numbers: inout RandomNumbers,
    largest: Int = 4,
    where isAllowed: (TimedSample) throws -> Bool = { $0.satisfiesAssumptions }
  ) rethrows -> TimedSample? {
    for _ in 0..<20 {
      var sample = self
      for number in durations {
        let value = Rational(2 * numbers.below(largest + 1) + numbers.below(5) / 4, over: 2)
        sample.model.parameters[number].value = .duration(value ?? .zero)
        sample.model.parameters[number].isChosen = true
      }
      for number in durations where !free.contains(number) { sample.define(number) }
      if sample.isAccepted, try isAllowed(sample) { return sample }
    }
    return nil
  }

  /// Whether the language accepts the values: nothing is armed at first for less than no time, no
  /// message lives for less, and no longest delay is below the shortest.
  private var isAccepted: Bool {
    let areAlive = model.networks.allSatisfy { network in
      let life = network.lifetime.flatMap { model.duration($0) } ?? .zero
      let shortest = network.delay.flatMap { model.duration($0.shortest) } ?? .zero
      let longest = network.delay.flatMap { model.duration($0.longest) } ?? shortest
      return life >= .zero && shortest >= .zero && shortest <= longest
    }
    return areAlive && model.initialStarts?.allSatisfy { $0.duration >= .zero } ?? false
  }

  /// The duration parameters, in order of declaration.
  var durations: [Int] {
    model.parameters.indices.filter { model.parameters[$0].type == .duration }
  }

  /// Names and values in force of the duration parameters.
  var values: [String: Rational] {
    var result: [String: Rational] = [:]
    for number in durations {
      guard case .duration(let value) = model.parameters[number].value else { continue }
      result[model.parameters[number].name] = value
    }
    return result
  }

  private mutating func define(_ number: Int) {
    guard let definition = model.parameters[number].definition,
      let value = model.duration(definition)
    else { return }
    // A default in numbers is a value to start from, nothing that the solver holds on to.
    if definition.isNumber { return }
    model.parameters[number].value = .duration(value)
  }

  var satisfiesAssumptions: Bool {
    let evaluator = Evaluator(model)
    return model.assumptions.allSatisfy { assumption in
      let property = Property(
        kind: .invariant,
        name: "assumption",
        documentation: nil,
        body: assumption,
        localCount: 0,
        span: assumption.span
      )
      return (try? evaluator.evaluate(property, in: evaluator.initialState)) == true
    }
  }
}

extension Expression {
  fileprivate var isNumber: Bool {
    if case .parameter = kind { return false }
    return children.allSatisfy(\.isNumber)
  }
}

extension Violation {
  /// Steps of the run; one more where time stands still after them.
  fileprivate var steps: Int {
    let entries = trace?.entries ?? []
    return entries.count + (entries.last?.error == nil ? 1 : 0)
  }
}

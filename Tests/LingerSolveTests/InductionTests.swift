import LingerEval
import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

@Suite struct InductionTests {
  /// Decides the property `p` of a spec with proofs by induction only.
  private func answer(_ text: String, lemmas: [String] = []) throws -> TimedAnswer {
    let model = try Model(spec: text)
    func position(_ name: String) throws -> Int {
      try #require(model.properties.firstIndex { $0.name == name })
    }
    let number = try position("p")
    var options = TimedOptions()
    options.engine = .induction
    options.lemmas = try lemmas.map(position)
    return checkTimed(model, property: number, options: options)
  }

  /// The obligations of a saved proof that another run does not confirm.
  private func unconfirmed(_ certificate: String?) throws -> [String] {
    try recheck(try #require(certificate)).filter { $0.answer != .unsatisfiable }
      .map { $0.name ?? "line \($0.line)" }
  }

  /// A sender whose message is to be dead when it is done; `wait` is how it waits.
  private func sender(assuming assumption: String, waiting wait: String) -> String {
    """
    protocol Sender
    parameter msl: Duration = 3 s
    parameter first: Duration = 4 s
    parameter second: Duration = 5 s
    assume \(assumption)
    message M
    network {
      Sender -> Receiver: M
      loss, duplication, reordering
      lifetime msl
    }
    role Sender {
      var isSent: Bool = false
      var isDone: Bool = false
      timer t
      timer u
      \(wait)
    }
    role Receiver { otherwise receive { } }
    instances a: Sender
    instances b: Receiver
    timed invariant p { a.isDone implies network.isEmpty }
    """
  }

  private let oneTimer = """
    transition go on call go() when !isDone { send M(); start t for first }
      fair transition over on timeout t { isDone = true }
    """

  @Test("what holds for all values is proved for all, and the proof checks")
  func general() throws {
    let answer = try answer(sender(assuming: "first >= msl", waiting: oneTimer))
    #expect(answer.result.verdict == .holds)
    #expect(
      answer.result.note == "holds for all values of msl, first and second; needs first >= msl"
    )
    #expect(try unconfirmed(answer.certificate).isEmpty)
  }

  @Test("what fails for other values is proved for those in force only")
  func limited() throws {
    let answer = try answer(sender(assuming: "msl > 0 s", waiting: oneTimer))
    #expect(answer.result.verdict == .holds)
    #expect(
      answer.result.note?.hasPrefix("holds for the parameter values in force, not for all") == true
    )
    #expect(try unconfirmed(answer.certificate).isEmpty)
  }

  @Test("a violation stays one")
  func violated() throws {
    let text = sender(assuming: "msl > 0 s", waiting: oneTimer)
    let answer = try answer(text.replacing("first: Duration = 4 s", with: "first: Duration = 2 s"))
    guard case .violated(let violation) = answer.result.verdict else {
      Issue.record("\(answer.result.verdict)")
      return
    }
    #expect(violation.timing?.times.count == 2)
  }

  @Test("bounds differ from region to region of the parameters")
  func regions() throws {
    let bothTimers = """
      transition go on call go() when !isSent {
          isSent = true
          send M()
          start t for first
          start u for second
        }
        fair transition firstOver on timeout t { }
        fair transition secondOver on timeout u { }
        transition end on internal when isSent && !t.isArmed && !u.isArmed { isDone = true }
      """
    let text = sender(assuming: "first >= msl || second >= msl", waiting: bothTimers)
    let answer = try answer(text)
    #expect(answer.result.verdict == .holds)
    #expect(
      answer.result.note
        == "holds for all values of msl, first and second; needs first >= msl || second >= msl"
    )
    #expect(try unconfirmed(answer.certificate).isEmpty)
  }

  /// Whichever message is sent first is dead before the other one is sent; a join of both ways
  /// into one state knows nothing of it.
  private func twoWays(_ properties: String) -> String {
    """
    protocol TwoWays
    parameter msl: Duration = 3 s
    parameter wait: Duration = 4 s
    assume wait >= msl
    enum Place { start, first, second, both, after, later, last }
    message M
    message N
    network {
      Sender -> Receiver: M, N
      loss, duplication, reordering
      lifetime msl
    }
    role Sender {
      var place: Place = .start
      timer t
      transition one on call one() when place == .start {
        place = .first
        send M()
        start t for wait
      }
      transition two on call two() when place == .start {
        place = .second
        send N()
        start t for wait
      }
      fair transition then on timeout t {
        if place == .first { send N() } else { send M() }
        place = .both
      }
      transition on1 on internal when place == .both { place = .after }
      transition on2 on internal when place == .after { place = .later }
      transition on3 on internal when place == .later { place = .last }
    }
    role Receiver { otherwise receive { } }
    instances a: Sender
    instances b: Receiver
    \(properties)
    """
  }

  @Test("steps before a state are told apart where the state alone says too little")
  func depth() throws {
    let answer = try answer(
      twoWays("timed invariant p { a.place == .after implies network.count < 2 }")
    )
    #expect(answer.result.verdict == .holds)
    #expect(answer.result.note == "holds for all values of msl and wait; needs wait >= msl")
    #expect(try unconfirmed(answer.certificate).isEmpty)
  }

  @Test("a lemma carries a proof further than steps told apart; the proof includes the lemma's")
  func lemma() throws {
    let text = twoWays(
      """
      timed invariant p { a.place == .last implies network.count < 2 }
      timed invariant q { a.place == .after implies network.count < 2 }
      timed invariant r { a.place == .later implies network.count < 2 }
      """
    )
    let alone = try answer(text)
    guard case .unknown(let reason) = alone.result.verdict else {
      Issue.record("\(alone.result.verdict)")
      return
    }
    #expect(reason.text.contains("no inductive bounds were found that imply the property"))
    let helped = try answer(text, lemmas: ["q", "r"])
    #expect(helped.result.verdict == .holds)
    #expect(helped.result.note == "holds for all values of msl and wait; needs wait >= msl")
    #expect(try unconfirmed(helped.certificate).isEmpty)
  }

  @Test("a lemma carries the proof of a synthesized condition too")
  func lemmaOfSynthesis() throws {
    let model = try Model(
      spec: twoWays(
        """
        timed invariant p { a.place == .last implies network.count < 2 }
        timed invariant q { a.place == .after implies network.count < 2 }
        timed invariant r { a.place == .later implies network.count < 2 }
        """
      )
    )
    let wait = try #require(model.parameters.firstIndex { $0.name == "wait" })
    var options = TimedOptions()
    options.engine = .induction
    options.depthLimit = 4
    options.lemmas = model.properties.indices.filter {
      ["q", "r"].contains(model.properties[$0].name)
    }
    let property = try #require(model.properties.firstIndex { $0.name == "p" })
    let helped = synthesize(model, property: property, for: [wait], options: options)
    guard case .weakest(let condition) = helped.outcome else {
      Issue.record("\(helped.outcome)")
      return
    }
    #expect(condition.text == "true")
    #expect(try unconfirmed(helped.certificate).isEmpty)
  }

  @Test("a lemma that fails for some values helps no proof for all values")
  func falseLemma() throws {
    let text = twoWays(
      """
      timed invariant p { a.place == .after implies network.count < 2 }
      timed invariant q { !(a.place == .both && network.count == 0) }
      """
    )
    let answer = try answer(text, lemmas: ["q"])
    guard case .unknown(let reason) = answer.result.verdict else {
      Issue.record("\(answer.result.verdict)")
      return
    }
    #expect(reason.text.contains("the lemma 'q' fails for some parameter values"))
  }

  @Test("the same proof comes out as the same bytes")
  func determinism() throws {
    let text = sender(assuming: "first >= msl", waiting: oneTimer)
    #expect(try answer(text).certificate == answer(text).certificate)
    let deeper = twoWays("timed invariant p { a.place == .after implies network.count < 2 }")
    #expect(try answer(deeper).certificate == answer(deeper).certificate)
  }

  @Test("random specs: what is proved survives its proof's check and an independent search")
  func random() throws {
    let seeds = Seeds(for: "proofs by induction")
    var proved = 0
    for number in 0..<600 where proved < 5 {
      let spec = RandomTimedSpec(seed: seeds.seed(number))
      let model = try Model(spec: spec.text)
      for (index, property) in model.properties.enumerated()
      where property.kind == .timedInvariant {
        var options = TimedOptions()
        options.engine = .induction
        options.depthLimit = 6
        let answer = checkTimed(model, property: index, options: options)
        #expect(answer.internalError == nil, "seed \(spec.seed) \(property.name)")
        guard answer.result.verdict == .holds else { continue }
        var judge = ZoneExplorer(Evaluator(model), property, ticksPerSecond: 2)
        if case .violated = judge.answer() {
          Issue.record("seed \(spec.seed): \(property.name) does not hold\n\(spec.text)")
        }
        guard let certificate = answer.certificate else { continue }
        proved += 1
        #expect(try unconfirmed(certificate).isEmpty, "seed \(spec.seed) \(property.name)")
        guard answer.result.note?.hasPrefix("holds for all") == true else { continue }
        try expectNoViolation(of: index, in: model, "seed \(spec.seed)\n\(spec.text)")
      }
    }
    #expect(proved > 0)
  }

  /// Tries other values of the parameters; values that the conditions exclude decide nothing.
  private func expectNoViolation(
    of property: Int,
    in model: Model,
    _ comment: String
  ) throws {
    var numbers = RandomNumbers(seed: 7)
    for _ in 0..<8 {
      var other = model
      for parameter in other.parameters.indices
      where other.parameters[parameter].type == .duration {
        other.parameters[parameter].value = .duration(Rational(numbers.below(9)))
      }
      var options = TimedOptions()
      options.engine = .zones
      let answer = checkTimed(other, property: property, options: options)
      if case .violated = answer.result.verdict {
        Issue.record("\(model.properties[property].name) fails elsewhere: \(comment)")
      }
    }
  }
}

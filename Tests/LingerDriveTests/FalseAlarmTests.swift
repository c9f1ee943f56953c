import LingerConform
import LingerDrive
import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// Random specs, driven against subjects that the reference evaluator plays: no honest one fails,
/// and hardly one that had no choice and did something else passes: in the one run that it gets,
/// what it did may still be what another part of the spec allows.
@Suite("no false alarms")
struct FalseAlarmTests {
  static let seeds = Seeds(for: "driven specs")
  static let batchCount = 4
  static let specsPerBatch = 80
  static let runsPerSpec = 4

  private struct Tally {
    var specs = 0
    var runs = 0
    var exchanges = 0
    var ended = 0
    var mutants = 0
    var found = 0
    /// Not found, though they had no choice.
    var missed = 0

    /// At most one in ten of those that had none.
    var findsMost: Bool { missed * 10 <= found + missed }
  }

  @Test("specs with timers", arguments: 0..<batchCount)
  func timed(batch: Int) throws {
    var tally = Tally()
    for round in 0..<Self.specsPerBatch {
      let seed = Self.seeds.seed(round * Self.batchCount + batch)
      try drive(RandomTimedSpec(seed: seed).text, seed, &tally)
    }
    print("driven timed specs: \(tally)")
    #expect(tally.specs > 20 && tally.found > 0 && tally.findsMost)
  }

  @Test("specs with values of all types", arguments: 0..<batchCount)
  func untimed(batch: Int) throws {
    var tally = Tally()
    for round in 0..<Self.specsPerBatch {
      let seed = Self.seeds.seed(round * Self.batchCount + batch)
      try drive(RandomSpec(seed: seed).text, seed, &tally)
    }
    print("driven specs: \(tally)")
    #expect(tally.specs > 5 && tally.found > 0 && tally.findsMost)
  }

  /// Each instance that can be driven, honest and mutated.
  private func drive(_ text: String, _ seed: UInt64, _ tally: inout Tally) throws {
    let model = try Model(spec: text)
    for instance in model.instances.indices {
      guard let subject = try? Subject(instance, of: model, tellsHistory: false) else { continue }
      tally.specs += 1
      let honest = SpecSubject(subject, tellsState: seed.isMultiple(of: 3))
      for number in 0..<Self.runsPerSpec {
        let run = self.run(number, subject, honest, seed)
        tally.runs += 1
        tally.exchanges += run.exchanges.count
        if run.end != nil { tally.ended += 1 }
        #expect(run.problem == nil)
        #expect(
          run.failure == nil || honest.isLost,
          "seed \(seed), instance \(instance), run \(number): \(run.failure?.kind.rawValue ?? "")"
        )
      }
      for mutation in SpecSubject.Mutation.allCases {
        let mutant = SpecSubject(subject, mutation)
        let run = self.run(0, subject, mutant, seed)
        guard mutant.hasMutated, !mutant.isLost, run.end == nil else { continue }
        tally.mutants += 1
        if run.failure != nil { tally.found += 1 }
        if run.failure == nil, !mutant.hadChoice {
          print("seed \(seed), instance \(instance): \(mutation) is not found")
          tally.missed += 1
        }
      }
    }
  }

  private func run(
    _ number: Int,
    _ subject: Subject,
    _ driven: SpecSubject,
    _ seed: UInt64
  ) -> DrivenRun {
    var options = Driver.Options()
    options.seed = seed &+ UInt64(number)
    options.steps = 24
    options.faults = number.isMultiple(of: 2) ? .network : [.network, .forgery]
    return Driver(subject, .exact, mostBeliefs: 400, driven, options)
      .run(number, coverage: Coverage())
  }
}

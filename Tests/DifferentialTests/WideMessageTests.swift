import LingerEval
import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// Messages with more values than there are numbers: random specs whose messages were made wide,
/// against the brute-force search, and a spec of its own.
@Suite("messages by width") struct WideMessageTests {
  static let seeds = Seeds(for: "wide messages")
  static let batchCount = 4
  static let specsPerBatch = 30
  static let stateCap = 250

  @Test("explorer and brute force agree on wide messages", arguments: 0..<batchCount)
  func agreement(batch: Int) throws {
    var compared = 0
    for round in 0..<(40 * Self.specsPerBatch) where compared < Self.specsPerBatch {
      let number = round * Self.batchCount + batch
      let text = Self.widened(RandomSpec(seed: Self.seeds.seed(number)).text)
      // A spec may go through the values of a message or have a set of them.
      guard let model = try? Model(spec: text), Self.hasWideMessage(model) else { continue }
      let evaluator = Evaluator(model)
      guard let expected = BruteForce(evaluator, stateLimit: Self.stateCap), expected.states > 3
      else { continue }
      compared += 1
      var options = ExploreOptions()
      options.remembersSteps = number % 3 != 0
      options.threads = 1 + number % 3
      options.statesAtOnce = [1, 2, 256][number / 3 % 3]
      let differences = expected.differences(from: explore(model, options: options), on: evaluator)
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))\n\(text)")
    }
    #expect(compared == Self.specsPerBatch)
  }

  /// A spec in which each range of a message's field has 2^62 values.
  private static func widened(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.hasPrefix("message ") else { return String(line) }
      return String(line).replacing(
        #/-?\d+\.\.\.\w+/#,
        with: "-2305843009213693952...2305843009213693951"
      )
    }.joined(separator: "\n")
  }

  private static func hasWideMessage(_ model: Model) -> Bool {
    model.networks.contains { network in
      network.routes.contains { route in
        route.messages.contains { model.cardinality(of: .record($0)) == nil }
      }
    }
  }

  @Test("sequence numbers of 32 bits wrap round like those of a few")
  func sequenceNumbers() throws {
    func report(_ most: Int, threads: Int) throws -> CheckReport {
      let model = try Model(
        spec: """
          protocol Numbers
          type Number = 0...\(most)
          message Data { seq: Number, ack: Number }
          network {
            A -> B: Data
            B -> A: Data
            loss, reordering
            capacity 2
          }
          role A {
            var next: Number = \(most - 2)
            var last: Number = 0
            transition go on call go when next != 3 {
              next = next == \(most) ? 0 : next + 1
              send Data(seq: next, ack: last)
            }
            transition take on receive d when d.ack != 0 { last = d.seq }
            otherwise receive { }
          }
          role B {
            var last: Number = 0
            transition answer on receive d
              when d.seq != last && network.count(Data(seq: d.ack, ack: d.seq)) < 2
            {
              last = d.seq
              send Data(seq: d.ack, ack: d.seq)
            }
            otherwise receive { }
          }
          instances a: A
          instances b: B
          invariant sent { b.last <= 3 || b.last >= \(most - 2) }
          possible wrapped { b.last == 2 }
          audit { without deadlock }
          """
      )
      var options = ExploreOptions()
      options.threads = threads
      return explore(model, options: options)
    }
    let narrow = try report(9, threads: 1)
    let wide = try report(4_294_967_295, threads: 1)
    #expect(wide.statistics.isComplete && wide.statistics.states > 1000)
    #expect(wide.statistics.states == narrow.statistics.states)
    #expect(wide.statistics.transitions == narrow.statistics.transitions)
    #expect(wide.firings == narrow.firings)
    #expect(wide.results.count == narrow.results.count && wide.internalErrors.isEmpty)
    let threaded = try report(4_294_967_295, threads: 2)
    #expect(threaded.results == wide.results)
    #expect(threaded.statistics.states == wide.statistics.states)
  }
}

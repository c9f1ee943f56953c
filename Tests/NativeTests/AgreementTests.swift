import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

@testable import LingerCommand

/// Native code finds what the interpreter finds: the same states in the same order, so that reports
/// are equal to the last counterexample and count.
@Suite(.enabled(if: machineCompiler() != nil, "no C compiler is found"))
struct AgreementTests {
  /// Compilations of one run: each takes a good part of a second.
  private static let specs = 40

  /// A search with small parts, so that small layers are taken in parts, too.
  private func options(_ number: Int) -> ExploreOptions {
    var options = ExploreOptions()
    options.usesSymmetry = false
    options.statesAtOnce = 1 + number % 3
    options.threads = 1 + number % 2
    return options
  }

  /// Explores with native code and without; false where the model has none.
  private func compare(
    _ model: Model,
    _ options: ExploreOptions,
    _ text: String
  ) throws -> Bool {
    let compiler = try #require(machineCompiler())
    var native = options
    native.nativeCompiler = compiler
    let expected = explore(model, options: options)
    let found = explore(model, options: native)
    #expect(compiler.failureReason == nil, "\(text)")
    #expect(found.results == expected.results, "\(text)")
    #expect(found.statistics == expected.statistics, "\(text)")
    #expect(found.firings == expected.firings, "\(text)")
    #expect(found.vacuity == expected.vacuity, "\(text)")
    #expect(found.internalErrors == [], "\(text)")
    return compiler.declined.isEmpty
  }

  @Test("random specs")
  func randomSpecs() throws {
    let seeds = Seeds(for: "native code")
    var compared = 0
    var declined = 0
    var number = 0
    while compared < Self.specs, number < 20_000 {
      defer { number += 1 }
      let text = RandomSpec(seed: seeds.seed(number)).text
      let model = try Model(spec: text)
      let first = explore(model, options: ExploreOptions(budget: Budget(states: 400))).statistics
      guard first.states > 60, !model.hasBudgets else { continue }
      var options = options(number)
      // Some with a limit in between, some with one question alone, which wants no edges.
      if number % 4 == 0 { options.budget.states = first.states / 2 }
      if number % 2 == 0 {
        options.questions = [model.questions[number / 2 % model.questions.count]]
      }
      if first.limit != nil { options.budget.states = 2000 }
      if try compare(model, options, text) { compared += 1 } else { declined += 1 }
    }
    print("native code: \(compared) compared, \(declined) without")
    #expect(compared == Self.specs)
  }

  /// Errors of the spec, a message that nobody takes, states that are stuck, calls with parameters,
  /// choices, timers, and values with parts.
  private static let spec = """
    protocol Everything
    message Ping { n: 0...2 }
    message Pong
    network { A -> D: Ping ; D -> A: Pong ; loss, duplication 3, reordering, explicit, capacity 2 }
    role A {
      var n: 0...19
      var last: (0...2)?
      var list: Queue<0...2, 2> = []
      timer t
      transition up on call up(by: 1...3) when n < 17 { n += by }
      transition slip on internal when n == 10 { n += 10 }
      transition say on internal when n % 5 == 2 {
        choose m in 0...2 where m != last ?? 1
        send Ping(n: m) to d
        last = m
        start t for 1 s
      }
      transition note on timeout t when list.count < 2 { list.append(last ?? 0) }
      transition drop on timeout t when list.count == 2 { list.removeFirst() }
      transition pong on receive p: Pong when n > 3 { last = nil }
    }
    role D {
      var seen: Set<0...2> = []
      transition take on receive m: Ping from a when !seen.contains(m.n) {
        seen.insert(m.n)
        if network.count(Pong(), to: a) < 2 { send Pong() to a }
      }
      otherwise receive { seen.remove(0) }
    }
    instances a, b: A
    instances d: D
    final { a.n != 19 || b.n != 19 }
    invariant low { a.n + b.n < 37 }
    cover some { a.n == 11 && d.seen.count == 2 }
    """

  @Test("a state that is stuck once everything in flight is lost")
  func lastMessage() throws {
    let text = """
      protocol LastMessage
      message Ping
      network {
        A -> D: Ping
        loss, duplication, reordering
      }
      role A {
        var isSent: Bool = false
        transition say on internal when !isSent {
          send Ping() to d
          isSent = true
        }
      }
      role D {
        var isSeen: Bool = false
        transition take on receive p: Ping { isSeen = true }
      }
      instances a: A
      instances d: D
      final { d.isSeen }
      """
    let model = try Model(spec: text)
    #expect(try compare(model, ExploreOptions(), text))
    let stuck = explore(model).results.first { $0.question == .deadlock }
    guard case .violated = stuck?.verdict else {
      Issue.record("nothing is stuck")
      return
    }
  }

  @Test("a spec with everything", arguments: [1, 2])
  func everything(threads: Int) throws {
    let text = Self.spec.replacing(" ; ", with: "\n")
      .replacing("loss, duplication 3,", with: "loss, duplication,")
    let model = try Model(spec: text)
    var options = ExploreOptions(budget: Budget(states: 60_000))
    options.usesSymmetry = false
    options.threads = threads
    #expect(try compare(model, options, text))
    options.questions = [.deadlock, .unspecifiedReception]
    #expect(try compare(model, options, text))
  }
}

extension Model {
  /// Networks with budgets are explored in another order, without native code.
  fileprivate var hasBudgets: Bool {
    networks.contains { network in
      if case .budget = network.loss { return true }
      if case .budget = network.duplication { return true }
      return false
    }
  }
}

/// The compiler of this machine, if there is one; the search waits for it.
func machineCompiler() -> CompilerShell? { CompilerShell(isRequired: true) }

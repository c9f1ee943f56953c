import LingerEval
import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// One state for all that differ in the names of symmetric instances: the verdicts stay the same.
@Suite("symmetric instances")
struct SymmetryTests {
  private func check(_ model: Model, usesSymmetry: Bool) -> CheckReport {
    var options = ExploreOptions()
    options.usesSymmetry = usesSymmetry
    // Fairness tells instances apart.
    options.questions = model.questions.filter { $0 != .leftOpen }
    return explore(model, options: options)
  }

  /// Verdicts with the lengths of their runs.
  private func verdicts(_ report: CheckReport, of model: Model) -> [String] {
    report.results.map { result in
      let name = result.question.name(in: model)
      switch result.verdict {
      case .holds: return "\(name) holds \(result.witness?.entries.count ?? -1)"
      case .unknown: return "\(name) unknown"
      case .violated(let violation):
        let lengths = ([violation] + violation.others).map { $0.trace?.entries.count ?? -1 }
        return "\(name) violated \(lengths.sorted())"
      }
    }
  }

  /// How many orbits the reachable states have.
  private func orbitCount(of model: Model) -> Int {
    let evaluator = Evaluator(model)
    let renamings = model.renamings(limit: 720)
    var open = Array(evaluator.initialStates)
    var seen = Set(open)
    var orbits = 0
    var counted: Set<State> = []
    while let state = open.popLast() {
      if !counted.contains(state) {
        orbits += 1
        for renaming in renamings { counted.insert(renamed(state, by: renaming, in: model)) }
      }
      for successor in evaluator.successors(of: state) {
        guard case .success(let next) = successor.outcome else { continue }
        if seen.insert(next).inserted { open.append(next) }
      }
    }
    return orbits
  }

  private func renamed(_ state: State, by renaming: Permutation, in model: Model) -> State {
    var result = state
    for (number, local) in state.instances.enumerated() {
      let role = model.instances[number].role
      result.instances[renaming[number]] = model.renamed(local, of: role, by: renaming)
    }
    for (number, network) in state.networks.enumerated() {
      let isQueue = model.networks[number].discipline == .queue
      result.networks[number].messages = network.messages.enumerated().map { place, message in
        let envelope = model.renamed(message.envelope, by: renaming)
        return (place, State.InFlight(envelope: envelope, copies: message.copies))
      }.sorted { left, right in
        let (a, b) = (left.1.envelope, right.1.envelope)
        if !isQueue { return a < b }
        let (x, y) = ((a.receiver, a.sender), (b.receiver, b.sender))
        return x != y ? x < y : left.0 < right.0
      }.map(\.1)
    }
    return result
  }

  /// Clients that take places in a table and never give them back.
  static let table = """
    protocol Table
    parameter places: 1...4 = 3
    message Ask
    message Granted
    message Refused
    network {
      Client -> Desk: Ask
      Desk -> Client: Granted, Refused
      capacity 2
    }
    enum Phase { new, asking, served }
    role Client {
      var phase: Phase = .new
      transition ask on call ask() when phase == .new {
        phase = .asking
        send Ask()
      }
      transition granted on receive _: Granted when phase == .asking { phase = .served }
      transition refused on receive _: Refused when phase == .asking { phase = .new }
    }
    role Desk {
      var table: Set<Client> = []
      transition take on receive _: Ask from c when table.count < places {
        table.insert(c)
        send Granted() to c
      }
      transition refuse on receive _: Ask from c when table.count >= places { send Refused() to c }
    }
    symmetric instances client[4]: Client
    instances desk: Desk
    final { for all c in Client: c.phase == .served }
    invariant fits { desk.table.count <= places }
    possible everyoneServed { for all c in Client: c.phase == .served }
    cover full { desk.table.count == places }
    """

  @Test("a table for four clients has 34 states instead of 272")
  func quotient() throws {
    let model = try Model(spec: Self.table)
    let whole = check(model, usesSymmetry: false)
    let reduced = check(model, usesSymmetry: true)
    #expect(whole.statistics.states == 272)
    #expect(reduced.statistics.states == 34)
    #expect(reduced.internalErrors == [])
    #expect(verdicts(reduced, of: model) == verdicts(whole, of: model))
    #expect(orbitCount(of: model) == 34)
  }

  @Test(
    "what is not symmetric is explored whole, with the reason",
    arguments: [
      ("for q in Node { last = q }", "true", "depends on which"),
      ("n = 1", "network.isEmpty && a.n >= 0", ""),
      ("n = 1", "a.n == 0 || b.n == 0", ""),
      ("n = 1", "a.n == 0", "tells symmetric instances apart"),
    ]
  )
  func refusals(body: String, property: String, reason: String) throws {
    let text = """
      protocol Odd
      message M
      network { Node -> Node: M }
      role Node {
        var n: 0...1
        var last: Node?
        transition go on internal when n == 0 || last != nil { \(body) }
        otherwise receive { }
      }
      symmetric instances a, b: Node
      cover odd { \(property) }
      """
    guard let model = try? Model(spec: text) else { return }
    let whole = check(model, usesSymmetry: false)
    let reduced = check(model, usesSymmetry: true)
    #expect(verdicts(reduced, of: model) == verdicts(whole, of: model))
    if !reason.isEmpty {
      #expect(reduced.statistics.symmetryNote?.contains(reason) == true)
      #expect(reduced.statistics.states == whole.statistics.states)
    }
  }

  @Test("random specs have the same verdicts with and without", arguments: [true, false])
  func random(isFixed: Bool) throws {
    let seeds = isFixed ? Seeds(from: 1) : Seeds(for: "symmetric specs")
    var compared = 0
    var reducedCount = 0
    for number in 0..<1200 where compared < 120 {
      let text = RandomSpec(seed: seeds.seed(number), avoidsNames: number.isMultiple(of: 2)).text
      let symmetric = text.replacing("\ninstances a, b", with: "\nsymmetric instances a, b")
        .replacing("\ninstances b, c", with: "\nsymmetric instances b, c")
      guard symmetric != text, let model = try? Model(spec: symmetric),
        Evaluator(model).initialStates.contains(where: { _ in true }),
        BruteForce(Evaluator(model), stateLimit: 250) != nil
      else { continue }
      compared += 1
      let whole = check(model, usesSymmetry: false)
      let reduced = check(model, usesSymmetry: true)
      #expect(reduced.internalErrors == [], "\(symmetric)")
      #expect(verdicts(reduced, of: model) == verdicts(whole, of: model), "\(symmetric)")
      if reduced.statistics.symmetryNote?.contains("count once") == true {
        reducedCount += 1
        #expect(reduced.statistics.states == orbitCount(of: model), "\(symmetric)")
      } else {
        #expect(reduced.statistics.states == whole.statistics.states, "\(symmetric)")
      }
    }
    print("symmetric specs: \(compared) compared, \(reducedCount) of them reduced")
    #expect(reducedCount > 15)
  }
}

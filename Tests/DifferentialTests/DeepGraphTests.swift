import LingerEval
import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// What can be reached in graphs too deep for the brute force: the answers are worked out here.
///
/// A counter goes up step by step, and home again from above a border; beside it a message may be
/// lost, so that a part of the graph lies behind a fault. With more states than 16 bits number.
@Suite struct DeepGraphTests {
  static let seeds = Seeds(for: "deep graphs")
  static let graphCount = 2

  /// The least number of steps to a state from which `wanted` cannot be reached.
  private static func stuckDepth(_ wanted: Int, last: Int, goesHome: Bool, home: Int) -> Int? {
    // From below it is reached on the way up, from above only by going home.
    if wanted >= last || (goesHome && wanted >= home) { return nil }
    return wanted + 1
  }

  @Test("reachability in deep graphs is as worked out by hand", arguments: 0..<graphCount)
  func reachability(number: Int) throws {
    let seed = Self.seeds.seed(number)
    var numbers = RandomNumbers(seed: seed)
    let isLossy = number.isMultiple(of: 2)
    // With a loss every place is there three times: in flight, lost, arrived.
    let last = (isLossy ? 23_000 : 66_000) + numbers.below(8_000)
    let border = numbers.happens(60) ? last - numbers.below(last / 2) : nil
    let home = numbers.below((border ?? last) / 2)
    let wanted = [numbers.below(last), home, max(0, home - 1), last]
    let goHome = border.map { "transition back on internal when far >= \($0) { far = \(home) }" }
    let questions = wanted.enumerated().map { "possible p\($0) { walker.far == \($1) }" }
    let text = """
      // deep graph, seed \(seed)
      protocol Deep
      message Note
      network { Walker -> Reader: Note\n  reordering, \(isLossy ? "loss 1, " : "")capacity 1 }
      role Walker {
        var far: 0...\(last)
        var isSent: Bool
        transition onward on internal when far < \(last) && isSent { far += 1 }
        transition send on internal when !isSent { isSent = true; send Note() }
        \(goHome ?? "")
      }
      role Reader {
        var hasRead: Bool
        transition read on receive _: Note { hasRead = true }
      }
      instances walker: Walker
      instances reader: Reader
      \(questions.joined(separator: "\n"))
      possible isRead { reader.hasRead }
      """
    let model = try Model(spec: text)
    let report = explore(model)
    #expect(report.internalErrors == [], "\(text)")
    let copies = isLossy ? 3 : 2
    #expect(report.statistics.states == 1 + copies * (last + 1), "\(text)")
    for (property, place) in wanted.enumerated() {
      let stuck = Self.stuckDepth(place, last: last, goesHome: border != nil, home: home)
      // Before the counter moves the message is sent.
      let found = Self.steps(report, property)
      #expect(found == stuck.map { $0 + 1 }, "p\(property)\n\(text)")
    }
    // Lost in the second step.
    #expect(Self.steps(report, wanted.count) == (isLossy ? 2 : nil), "isRead\n\(text)")
  }

  /// The steps of a violation's run; nil where the property holds, -1 where nothing is known.
  private static func steps(_ report: CheckReport, _ property: Int) -> Int? {
    let result = report.results.first { $0.question == .property(property) }
    switch result?.verdict {
    case .holds: return nil
    case .violated(let violation): return violation.trace?.entries.count ?? -1
    case .unknown, nil: return -1
    }
  }
}

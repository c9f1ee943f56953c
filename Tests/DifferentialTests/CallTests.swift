import LingerEval
import LingerExplore
import LingerModel
import LingerTestSupport
import Testing

/// Calls with parameters of many values: every combination of them is tried.
///
/// The explorer and the brute force take them from one place, so that neither can judge the other
/// here; how many there are follows from the types as they are made up.
@Suite struct CallTests {
  static let seeds = Seeds(for: "large calls")
  static let callCount = 20
  /// Values of all parameters of a call together.
  static let valueLimit = 5_000

  /// A type with its number of values and some of them, the last one among them.
  private struct Domain {
    var source: String
    var count: Int
    var wanted: String
  }

  private static func domain(
    _ numbers: inout RandomNumbers,
    upTo limit: Int
  ) -> Domain {
    switch numbers.below(6) {
    case 0: return Domain(source: "Bool", count: 2, wanted: "true")
    case 1: return Domain(source: "Kind", count: 3, wanted: ".third")
    case 2 where limit >= 1 << 12:
      return Domain(
        source: "Set<0...11>",
        count: 1 << 12,
        wanted: numbers.happens(50)
          ? "[11]" : "[\((0...11).map { "\($0)" }.joined(separator: ", "))]"
      )
    case 3 where limit >= 1000:
      return Domain(source: "[3 of 0...9]", count: 1000, wanted: "[9, \(numbers.below(10)), 9]")
    default:
      // As many of a few values as of thousands.
      var count = 2
      while count < limit / 2, numbers.happens(93) { count += count - numbers.below(2) }
      let low = numbers.pick([0, -1, -(1 << 40), (1 << 61) - 9])
      let wanted = numbers.happens(60) ? count - 1 : numbers.below(count)
      let (first, last) = (low, low + count - 1)
      return Domain(source: "\(first)...\(last)", count: count, wanted: "\(low + wanted)")
    }
  }

  @Test("every value of a call's parameters is tried", arguments: 0..<callCount)
  func values(number: Int) throws {
    let seed = Self.seeds.seed(number)
    var numbers = RandomNumbers(seed: seed)
    var domains: [Domain] = []
    var count = 1
    for _ in 0...numbers.below(3) {
      let domain = Self.domain(&numbers, upTo: Self.valueLimit / count)
      domains.append(domain)
      count *= domain.count
    }
    let names = ["a", "b", "c"]
    let parameters = zip(names, domains).map { "\($0): \($1.source)" }.joined(separator: ", ")
    let isWanted = zip(names, domains).map { "\($0) == \($1.wanted)" }.joined(separator: " && ")
    let text = """
      // large call, seed \(seed)
      protocol Calls
      enum Kind { first, second, third }
      role P {
        var hits: 0...1
        transition hit on call hit(\(parameters)) when hits == 1 || \(isWanted) { hits = 1 }
      }
      instances p: P
      cover found { p.hits == 1 }
      """
    let report = explore(try Model(spec: text))
    #expect(report.internalErrors == [], "\(text)")
    #expect(report.statistics.states == 2, "\(text)")
    #expect(report.firings == [count + 1], "\(text)")
    #expect(report.statistics.transitions == count + 1, "\(text)")
    let found = report.results.first { $0.question == .property(0) }
    #expect(found?.verdict == .holds, "\(text)")
  }

  /// More values than 16 bits number, and more different outcomes than are kept in a table.
  @Test("every value of a call leads on")
  func outcomes() throws {
    var numbers = RandomNumbers(seed: Self.seeds.first)
    let count = (1 << 16) + numbers.below(2000)
    let text = """
      protocol Outcomes
      message Note { value: 1...\(count) }
      network { P -> Q: Note\n  capacity 1 }
      role P {
        var isSent: Bool
        transition tell on call tell(value: 1...\(count)) when !isSent {
          isSent = true
          send Note(value: value)
        }
      }
      role Q { otherwise receive { } }
      instances p: P
      instances q: Q
      cover last { network.count(Note(value: \(count)), from: p, to: q) == 1 }
      """
    let report = explore(try Model(spec: text))
    #expect(report.internalErrors == [], "\(text)")
    #expect(report.statistics.states == count + 2, "\(text)")
    #expect(report.statistics.transitions == 2 * count, "\(text)")
    #expect(report.results.first { $0.question == .property(0) }?.verdict == .holds, "\(text)")
  }
}

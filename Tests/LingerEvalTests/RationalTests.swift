import LingerEval
import LingerModel
import LingerTestSupport
import Testing

/// Fractions of any size against the laws of arithmetic: numbers on both sides of 64 bits, so that
/// most results cross over.
@Suite struct RationalTests {
  static let seeds = Seeds(for: "fractions")

  /// Small, at the edge of 64 bits, or far beyond it.
  private static func number(_ random: inout RandomNumbers) -> Rational {
    func integer() -> Int {
      let size = random.pick([4, 31, 32, 61, 62, 63])
      let bits = Int(truncatingIfNeeded: random.next() >> UInt64(64 - size))
      return random.happens(50) ? bits : -bits
    }
    let edges = [Int.max, .max - 1, .min, .min + 1, 1 << 62, -1, 0, 1]
    var result = Rational(random.happens(20) ? random.pick(edges) : integer())
    for _ in 0..<random.below(3) {
      let other = Rational(integer())
      result = random.happens(50) && other != .zero ? result / other : result * other
    }
    return result
  }

  @Test("obey the laws of arithmetic")
  func laws() {
    var random = RandomNumbers(seed: Self.seeds.first)
    for round in 0..<3_000 {
      let (a, b, c) = (Self.number(&random), Self.number(&random), Self.number(&random))
      let numbers: Comment = "seed \(Self.seeds.first), round \(round): \(a), \(b), \(c)"
      #expect(a + b == b + a, numbers)
      #expect((a + b) + c == a + (b + c), numbers)
      #expect((a + b) - b == a, numbers)
      #expect(a * (b + c) == a * b + a * c, numbers)
      #expect(-(-a) == a && a + -a == .zero, numbers)
      if b != .zero { #expect(a * b / b == a && a / b * b == a, numbers) }
      #expect((a < b) == (a - b < .zero) && (a == b) == (a - b == .zero), numbers)
      #expect((a < b) == (-b < -a), numbers)
      #expect(a.numerator / a.denominator == a && a.denominator >= Rational(1), numbers)
      #expect(a.roundedDown <= a && a < a.roundedDown + Rational(1), numbers)
      #expect(a.roundedDown.isWhole && a.magnitude >= a && a.magnitude >= -a, numbers)
      #expect(Rational(exactly: a.description) == a, numbers)
      #expect(a.decimal == nil || Rational(signed: a.decimal ?? "") == a, numbers)
      // One form only: what is equal has one hash.
      #expect(Set([a, a + b - b, a * Rational(7) / Rational(7)]).count == 1, numbers)
    }
  }

  @Test("beyond 64 bits")
  func large() throws {
    let trillion = Rational(1_000_000_000_000)
    let square = trillion * trillion
    #expect(square.description == "1000000000000000000000000")
    #expect(square.integer == nil && (square / trillion).integer == 1_000_000_000_000)
    #expect((Rational(1) / square).decimal == "0." + String(repeating: "0", count: 23) + "1")
    #expect((-square / Rational(3)).approximateDecimal == "-333333333333333333333333.333333")
    #expect(Rational(.min).description == "-9223372036854775808")
    #expect((-Rational(.min)).description == "9223372036854775808")
    #expect(Rational(.min, over: .min) == Rational(1))
    #expect(Rational(3, over: .min)?.description == "-3/9223372036854775808")
    #expect(Rational(1, over: 0) == nil)
  }

  @Test("are read as they are written", arguments: ["1_000", "0.50", "123456789012345678901.5"])
  func decimals(text: String) throws {
    let number = try #require(Rational(decimal: text))
    let plain = text.filter { $0 != "_" }
    #expect(number.decimal == (plain == "0.50" ? "0.5" : plain))
  }
}

extension Rational {
  fileprivate init?(signed text: String) {
    if text.hasPrefix("-") {
      guard let size = Rational(decimal: String(text.dropFirst())) else { return nil }
      self = -size
    } else {
      self.init(decimal: text)
    }
  }
}

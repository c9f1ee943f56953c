import LingerEval
import Testing

@Suite struct RandomNumbersTests {
  @Test("a seed always gives the same numbers")
  func sameSeedSameNumbers() {
    var numbers = RandomNumbers(seed: 0)
    // The reference C code of xoshiro256**, its state filled by SplitMix64 from 0.
    #expect(numbers.next() == 0x99EC_5F36_CB75_F2B4)
    #expect(numbers.next() == 0xBF6E_1F78_4956_452A)
  }

  @Test("every number below a bound comes up")
  func numbersBelowABound() {
    var numbers = RandomNumbers(seed: 7)
    var seen = [Int](repeating: 0, count: 6)
    for _ in 0..<6000 { seen[numbers.below(6)] += 1 }
    #expect(seen.allSatisfy { $0 > 800 && $0 < 1200 })
  }
}

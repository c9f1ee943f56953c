import LingerEval
import Testing

@testable import LingerExplore

@Suite("Bits moved apart")
struct SpacedBitsTests {
  @Test("Each bit goes to its place times the stride, for every stride and number of bits")
  func everyBit() {
    var generator = RandomNumbers(seed: 1)
    for strideShift in 0...5 {
      for count in 1...(64 >> strideShift) {
        let steps = SpacedBits.steps(count: count, strideShift: strideShift)
        for _ in 0..<8 {
          let bits = generator.next() & (.max >> UInt64(64 - count))
          let moved = steps.reduce(bits) { ($0 | $0 << $1.shift) & $1.mask }
          let expected = (0..<count).reduce(UInt64(0)) { sum, place in
            sum | (bits >> UInt64(place) & 1) << UInt64(place << strideShift)
          }
          #expect(moved == expected)
        }
      }
    }
  }

  @Test("What is in flight is what counters of any width say, in order")
  func presentCounts() {
    var generator = RandomNumbers(seed: 2)
    for widthShift in 0...5 {
      let (width, shift) = (1 << widthShift, 64 % (3 << widthShift))
      let count = (64 - shift) >> widthShift
      let segment = CountSegment(
        word: 0,
        shift: shift,
        first: 5,
        count: count,
        widthShift: widthShift,
        mask: (.max >> UInt64(64 - count * width)) << UInt64(shift)
      )
      for _ in 0..<64 {
        // Few bits, so that many counters are 0.
        let word = generator.next() & generator.next() & generator.next()
        var present = PresentCounts(segment, [word])
        for place in 0..<count {
          let copies = word >> UInt64(shift + place * width) & segment.countMask
          if copies == 0 { continue }
          let entry = present.next()
          #expect(entry?.number == 5 + place)
          #expect(entry?.copies == Int(copies))
        }
        #expect(present.next() == nil)
      }
    }
  }
}

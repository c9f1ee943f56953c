/// Bits moved apart: bit k goes to bit k times a stride, as a network's counters stand in a word.
///
/// Each step moves half of every group of bits away from the other half (H. S. Warren, "Hacker's
/// Delight", 2nd ed., section 7-4, "expand").
enum SpacedBits {
  /// One step: what is shifted to the left joins what was there, under a mask.
  struct Step: BitwiseCopyable {
    var shift: UInt64
    var mask: UInt64
  }

  /// What moves `count` bits apart, lowest first, by a stride of a power of two; all of them have
  /// room in a word. Bits above those have to be 0.
  static func steps(count: Int, strideShift: Int) -> [Step] {
    precondition(count << strideShift <= UInt64.bitWidth, "bits that are moved out of a word")
    if strideShift == 0 { return [] }
    var group = 1
    while group < count { group *= 2 }
    var steps: [Step] = []
    while group > 1 {
      group /= 2
      steps.append(
        Step(shift: UInt64(group << strideShift - group), mask: mask(group, group << strideShift))
      )
    }
    return steps
  }

  /// Groups of ones, each of which begins a stride after the one before.
  static func mask(_ ones: Int, _ stride: Int) -> UInt64 {
    let group: UInt64 = ones >= UInt64.bitWidth ? .max : (1 &<< UInt64(ones)) - 1
    return Swift.stride(from: 0, to: UInt64.bitWidth, by: stride).reduce(0) { $0 | group << $1 }
  }
}

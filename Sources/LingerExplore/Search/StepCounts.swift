/// How many steps were taken, those that end in an error and acts of networks included, and how
/// often each transition of the model fired.
struct StepCounts {
  var transitions = 0
  var firings: [Int]

  static func += (left: inout StepCounts, right: StepCounts) {
    left.transitions += right.transitions
    for (number, count) in right.firings.enumerated() { left.firings[number] += count }
  }
}

/// How many runs a second the example's TCP is driven through in process.
///
/// usage: driving-benchmark SPEC [RUNS [STEPS [THREADS]]]

import Foundation
import LingerTesting

guard CommandLine.arguments.count >= 2 else {
  print("usage: driving-benchmark SPEC [RUNS [STEPS [THREADS]]]")
  exit(64)
}
let spec = CommandLine.arguments[1]
let numbers = CommandLine.arguments.dropFirst(2).compactMap { Int($0) }
var settings = ConformanceSettings()
settings.runs = numbers.first ?? 100_000
settings.steps = numbers.dropFirst().first ?? 20
settings.threads = numbers.dropFirst(2).first ?? 1

let clock = ContinuousClock()
let begin = clock.now
let summary = try drive(spec, settings) { TCPSubject() }
let seconds = (clock.now - begin) / .seconds(1)
func perSecond(_ count: Int) -> String { String(Int(Double(count) / seconds)) }
print(
  "\(perSecond(summary.runs)) runs/s, \(perSecond(summary.exchanges)) inputs/s;",
  "\(summary.exchanges) inputs, not taken: \(summary.notTaken)"
)

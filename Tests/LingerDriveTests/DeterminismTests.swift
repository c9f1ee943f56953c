import ExampleTCP
import LingerReport
@testable import LingerTesting
import Testing

@Suite("the same seed, the same bytes")
struct DeterminismTests {
  @Test("of reports and of the run", arguments: [Fault.oldFinCloses, .rtoTooLong, nil])
  func sameSeed(fault: Fault?) throws {
    let first = try DrivenTCP(fault: fault, seed: 5).driven()
    let second = try DrivenTCP(fault: fault, seed: 5).driven()
    #expect(first.report == second.report)
    #expect(first.json == second.json)
    #expect(first.failure?.replayFile == second.failure?.replayFile)
  }

  @Test("whatever the number of subjects", arguments: [Fault.oldFinCloses, .rtoTooLong, nil])
  func threads(fault: Fault?) throws {
    var tcp = DrivenTCP(fault: fault, seed: 5)
    let first = try tcp.driven()
    for count in [2, 3, 7] {
      tcp.settings.threads = count
      let other = try tcp.driven()
      #expect(first.json == other.json)
      #expect(first.failure?.replayFile == other.failure?.replayFile)
    }
  }

  @Test("another seed makes other runs")
  func otherSeed() throws {
    let first = try DrivenTCP(seed: 5).driven()
    let second = try DrivenTCP(seed: 6).driven()
    #expect(first.exchangeCount != second.exchangeCount)
    let failing = try (1...8).map { seed in
      try DrivenTCP(fault: .oldFinCloses, seed: UInt64(seed)).driven().failure?.originalCount
    }
    #expect(Set(failing).count > 1)
  }
}

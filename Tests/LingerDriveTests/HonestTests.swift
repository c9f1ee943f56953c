import LingerReport
@testable import LingerTesting
import Testing

/// An implementation that does what its spec says is never found failing.
@Suite("an honest subject conforms")
struct HonestTests {
  /// Values of parameters, as a user would set them.
  struct Case: CustomTestStringConvertible, Sendable {
    var profile: String?
    var values: [String]

    var testDescription: String {
      ([profile].compactMap { $0 } + values).joined(separator: " ")
    }
  }

  static let cases: [Case] = [
    Case(values: []),
    Case(values: ["dataSegments=0"]),
    Case(values: ["dataSegments=2"]),
    Case(values: ["dataSegments=4", "resends=1"]),
    Case(values: ["resends=0"]),
    Case(values: ["resends=0", "dataSegments=2", "resets=0"]),
    Case(values: ["resetEndsTimeWait=false"]),
    Case(values: ["limitsFinWait2=false"]),
    Case(values: ["answersRestartTimeWait=false", "resets=8"]),
    // Times that have no exact binary fraction, and some that are equal.
    Case(values: ["rto=0.3 s", "finWait2Timeout=0.7 s", "timeWait=0.1 s"]),
    Case(values: ["rto=1 s", "finWait2Timeout=1 s", "timeWait=1 s", "dataSegments=2"]),
    Case(profile: "linux", values: []),
    Case(profile: "freebsd", values: []),
    Case(profile: "windows", values: ["dataSegments=2"]),
    Case(profile: "rfc9293", values: []),
  ]

  @Test("with every setting", arguments: cases)
  func conforms(_ setting: Case) throws {
    var tcp = DrivenTCP()
    tcp.settings.runs = 2000
    tcp.settings.profile = setting.profile
    tcp.settings.parameters = setting.values.map { text in
      let parts = text.split(separator: "=").map(String.init)
      return (parts[0], parts[1])
    }
    let result = try tcp.driven()
    #expect(result.exitCode == 0, "\(result.report)")
    #expect(result.runCount >= 2000 && result.refusedCount == 0 && result.ends.isEmpty)
  }

  @Test("every transition of the default setting is taken")
  func coverage() throws {
    let result = try DrivenTCP().driven()
    #expect(result.coverage.filter { $0.count == 0 }.map(\.transition) == [])
  }
}

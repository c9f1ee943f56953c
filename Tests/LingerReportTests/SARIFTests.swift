import LingerDiagnostics
import LingerModel
import Testing

@testable import LingerReport

/// SARIF, held against the rules of the standard.
@Suite struct SARIFTests {
  private func log(_ report: RunReport) throws -> JSONValue {
    let text = SARIFFormat().render(report, ReportStyle())
    return try #require(JSONValue.parse(Array(text.utf8)))
  }

  private func run(_ report: RunReport) throws -> JSONValue {
    let log = try log(report)
    #expect(SARIFSchema.violations(log) == [])
    return try #require(log["runs"]?.array?.first)
  }

  private func region(_ report: RunReport) throws -> [Int?] {
    let result = try run(report)["results"]?.array?.first
    let region = result?["locations"]?.array?.first?["physicalLocation"]?["region"]
    return ["startLine", "startColumn", "endLine", "endColumn"].map { region?[$0]?.integer }
  }

  @Test("what is written follows the rules, and a violation of them would be found")
  func rules() throws {
    let log = try log(FormatTests.report(explanation: "wrong"))
    #expect(SARIFSchema.violations(log) == [])
    guard case .object(var members) = log else { return }
    members["version"] = .string("2.0.0")
    members["results"] = .array([])
    members["runs"] = .array([.object([:])])
    #expect(
      SARIFSchema.violations(.object(members)) == [
        ": 'results' is not allowed", "/runs/0: no 'tool'", "/version: '2.0.0'",
      ]
    )
  }

  @Test("results have the rule that they name, the level of their kind, and their run")
  func results() throws {
    let run = try run(FormatTests.report(explanation: "wrong"))
    let rules = try #require(run["tool"]?["driver"]?["rules"]?.array)
    let results = try #require(run["results"]?.array)
    #expect(results.map { $0["ruleId"]?.string } == ["A0101", "invariant", "A0201"])
    #expect(results.map { $0["kind"]?.string } == ["open", "fail", "fail"])
    #expect(results.map { $0["level"]?.string } == ["none", "error", "warning"])
    for result in results {
      let index = try #require(result["ruleIndex"]?.integer)
      #expect(rules[index]["id"] == result["ruleId"])
    }
    let flow = results[1]["codeFlows"]?.array?.first?["threadFlows"]?.array?.first?["locations"]
    let steps = try #require(flow?.array)
    #expect(steps.count == ClosingPeers().duplicateArrival.entries.count)
    #expect(steps.map { $0["executionOrder"]?.integer } == (1...steps.count).map { $0 })
    let first = steps[0]["location"]?["physicalLocation"]?["region"]
    #expect(first?["startLine"] == .integer(13))
    #expect(results[0]["codeFlows"] == nil)
  }

  @Test("a note on what holds, and an error of Linger itself, are notifications and not results")
  func notifications() throws {
    var report = FormatTests.report(explanation: "wrong", exitCode: 70)
    guard case .check(var specs) = report.content else { return }
    specs[0].report?.internalErrors = ["two engines disagree"]
    report.content = .check(specs)
    let run = try run(report)
    let invocation = try #require(run["invocations"]?.array?.first)
    #expect(invocation["exitCode"] == .integer(70))
    #expect(invocation["executionSuccessful"] == .bool(false))
    let notifications = try #require(invocation["toolExecutionNotifications"]?.array)
    #expect(notifications.map { $0["level"]?.string } == ["note", "error"])
    #expect(
      notifications.map { $0["message"]?["text"]?.string } == [
        "Closing: orphan-timer: for two peers", "two engines disagree",
      ]
    )
    #expect(run["results"]?.array?.count == 3)
  }

  @Test("columns count UTF-16 code units from 1, the end one past the last")
  func columns() throws {
    // Bytes: ä 2, 🙂 4; UTF-16 code units: ä 1, 🙂 2.
    let text = "ok\nä🙂x = 1\r\ny\n"
    let x = text.utf8.count - "x = 1\r\ny\n".utf8.count
    let single = FormatTests.invalid(path: "a.linger", text: text, error: x..<(x + 1))
    #expect(try region(single) == [2, 4, 2, 5])
    let several = FormatTests.invalid(path: "a.linger", text: text, error: 1..<(x + 8))
    #expect(try region(several) == [1, 2, 3, 2])
    let end = text.utf8.count
    let last = FormatTests.invalid(path: "a.linger", text: text, error: end..<end)
    #expect(try region(last) == [4, 1, 4, 1])
  }

  @Test("an error has its related places and the repair, and its code is explained")
  func diagnostics() throws {
    let run = try run(FormatTests.invalid(path: "a.linger", text: "let x\n", error: 4..<5))
    let result = try #require(run["results"]?.array?.first)
    #expect(result["message"]?["text"] == .string("wrong; replace it"))
    let related = result["relatedLocations"]?.array?.first
    #expect(related?["message"]?["text"] == .string("declared here"))
    let change = result["fixes"]?.array?.first?["artifactChanges"]?.array?.first
    let replacement = change?["replacements"]?.array?.first
    #expect(replacement?["insertedContent"]?["text"] == .string("e"))
    #expect(replacement?["deletedRegion"]?["startColumn"] == .integer(5))
    // Braces are doubled, for single ones would be placeholders.
    let rule = run["tool"]?["driver"]?["rules"]?.array?.first
    #expect(rule?["help"]?["text"] == .string("Write {{ }} instead."))
    let fingerprint = result["partialFingerprints"]?["lingerFinding/v1"]
    #expect(fingerprint == .string("a.linger/L9999/wrong"))
  }

  @Test("a fingerprint does not change when lines move, and is nobody else's")
  func fingerprints() throws {
    func prints(_ report: RunReport) throws -> [String?] {
      let results = try run(report)["results"]?.array ?? []
      return results.map { $0["partialFingerprints"]?["lingerFinding/v1"]?.string }
    }
    let before = FormatTests.invalid(path: "a.linger", text: "let x\n", error: 4..<5)
    let after = FormatTests.invalid(path: "a.linger", text: "\n\nlet x\n", error: 6..<7)
    #expect(try prints(before) == prints(after))
    var twice = before
    guard case .check(var specs) = twice.content else { return }
    specs[0].spec.diagnostics += specs[0].spec.diagnostics
    twice.content = .check(specs)
    #expect(try prints(twice) == ["a.linger/L9999/wrong", "a.linger/L9999/wrong/2"])
  }

  @Test("paths are written as URI references")
  func uris() {
    #expect(SARIFURI.text(of: "specs/tcp-close/a.linger") == "specs/tcp-close/a.linger")
    #expect(SARIFURI.text(of: "b c%/ä.linger") == "b%20c%25/%C3%A4.linger")
    #expect(SARIFURI.text(of: "../../a:b.linger") == "../../a%3Ab.linger")
    #expect(SARIFURI.text(of: "/tmp/a.linger") == "file:///tmp/a.linger")
    #expect(SARIFURI.text(of: "²") == "%C2%B2")
  }

  @Test("a file has one name, however its path is written")
  func normalized() {
    #expect(SourcePlace(file: "./specs/x/../a.linger")?.file == "specs/a.linger")
    #expect(SourcePlace(file: "../../a.linger")?.file == "../../a.linger")
    #expect(SourcePlace(file: "/tmp/.//x/../a.linger")?.file == "/tmp/a.linger")
    #expect(SourcePlace(file: "-") == nil)
  }
}

import Foundation
import LingerDiagnostics
import LingerModel
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

@testable import LingerReport

/// What is true of every format, and what the formats for other tools make of texts that those
/// would misread.
@Suite struct FormatTests {
  /// A check of the closing peers with a violation whose explanation is some text.
  static func report(explanation: String, exitCode: Int32 = 1) -> RunReport {
    let peers = ClosingPeers()
    let spec = ReportedSpec(
      path: peers.context.path,
      diagnostics: [],
      sources: peers.sources,
      context: peers.context
    )
    let violation = Violation(explanation: explanation, trace: peers.duplicateArrival)
    let results = [
      PropertyResult(question: .deadlock, verdict: .unknown(reason: "interrupted")),
      PropertyResult(question: .orphanTimer, verdict: .holds, note: "for two peers"),
      PropertyResult(question: .property(0), verdict: .violated(violation)),
    ]
    var checked = CheckReport(
      results: results,
      statistics: ExplorationStatistics(),
      vacuity: [
        VacuityFinding(kind: .transitionNeverFires(2), span: peers.model.transitions[2].span)
      ],
      firings: [1, 2, 0]
    )
    checked.switchedOff = [SwitchedOff(check: .finalReachable, author: .spec)]
    return RunReport(.check([CheckedSpec(spec, checked)]), exitCode: exitCode)
  }

  /// A check of a spec with one error.
  static func invalid(path: String, text: String, error: Range<Int>) -> RunReport {
    var sources = SourceMap()
    let file = sources.add(SourceFile(name: path, bytes: Array(text.utf8)))
    let span = Span(file: file, start: error.lowerBound, end: error.upperBound)
    let code = DiagnosticCode("L9999", "never so", "Write { } instead.")
    let diagnostic = Diagnostic(
      code,
      "wrong",
      at: span,
      notes: [Diagnostic.Note("declared here", at: span)],
      fixIts: [Diagnostic.FixIt("replace it", [Diagnostic.FixIt.Edit(span, "e")])]
    )
    let spec = ReportedSpec(
      path: path,
      diagnostics: [diagnostic],
      sources: sources,
      context: nil
    )
    return RunReport(.check([CheckedSpec(spec, nil)]), exitCode: 2)
  }

  static let hostile = "a < b && \"c\", 100%: {x}\r\nnext\tline ]]> \u{1B}[1m\u{0}\u{FFFE} é🙂"

  @Test("formats have names of their own, and are found by them")
  func registry() {
    #expect(ReportFormats.all.map(\.name) == ["text", "json", "junit", "sarif", "github"])
    for format in ReportFormats.all {
      #expect(ReportFormats.named(format.name)?.purpose == format.purpose)
      #expect(!format.purpose.isEmpty)
    }
    #expect(ReportFormats.named("html") == nil)
  }

  @Test("a format that says that it does not tell the exit code does not")
  func exitCodes() {
    for format in ReportFormats.all {
      let texts = [1, 130].map { (exitCode: Int32) in
        format.render(Self.report(explanation: "wrong", exitCode: exitCode), ReportStyle())
      }
      #expect((texts[0] != texts[1]) == format.tellsExitCode, "\(format.name)")
      #expect(texts[1].contains("130") == format.tellsExitCode, "\(format.name)")
    }
  }

  @Test("colours are for text alone")
  func colours() {
    var style = ReportStyle()
    style.hasColor = true
    for format in ReportFormats.all {
      let text = format.render(Self.report(explanation: "wrong"), style)
      #expect(text.contains("\u{1B}") == (format.name == "text"), "\(format.name)")
    }
  }

  @Test("JUnit XML is well-formed, whatever a text has in it, and says the same")
  func hostileXML() throws {
    let text = JUnitFormat().render(Self.report(explanation: Self.hostile), ReportStyle())
    let cases = try JUnitCases(text)
    let replaced = Self.hostile.replacing("\u{1B}", with: "\u{FFFD}")
      .replacing("\u{0}", with: "\u{FFFD}").replacing("\u{FFFE}", with: "\u{FFFD}")
    let failure = try #require(cases.outcomes.first { $0.kind == "failure" })
    #expect(Array(failure.message.unicodeScalars) == Array(replaced.unicodeScalars))
    #expect(failure.text.contains("a < b && \"c\", 100%: {x}"))
    #expect(failure.text.contains("call close"))
  }

  @Test("JUnit has a case for each property and finding, and counts them")
  func junitCases() throws {
    let text = JUnitFormat().render(Self.report(explanation: "wrong"), ReportStyle())
    let cases = try JUnitCases(text)
    #expect(
      cases.names == [
        "deadlock", "orphan-timer", "invariant neverClosed", "final-reachable",
        "never-fires: transition 'resend' of 'Peer' never fires",
      ]
    )
    #expect(
      cases.outcomes.map(\.kind) == ["skipped", "system-out", "failure", "skipped", "system-out"]
    )
    #expect(cases.outcomes[0].message == "unknown: interrupted")
    let counts = ["tests", "failures", "errors", "skipped"].map { cases.suite[$0] }
    #expect(counts == ["5", "1", "0", "2"])
    #expect(cases.suites["tests"] == "5")
  }

  @Test("cases of one name are told apart")
  func equalNames() throws {
    var report = Self.invalid(path: "x.linger", text: "let x\n", error: 0..<3)
    guard case .check(var specs) = report.content else { return }
    specs[0].spec.diagnostics += specs[0].spec.diagnostics
    report.content = .check(specs)
    let cases = try JUnitCases(JUnitFormat().render(report, ReportStyle()))
    #expect(cases.names == ["error L9999: wrong", "error L9999: wrong (2)"])
    #expect(cases.outcomes.map(\.kind) == ["error", "error"])
  }

  @Test("a command of GitHub is one line, and its parts stay apart")
  func hostileCommands() {
    let text = GitHubFormat().render(Self.report(explanation: Self.hostile), ReportStyle())
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count == 6)
    #expect(lines.allSatisfy { $0.hasPrefix("::") })
    #expect(
      lines[2].hasPrefix(
        "::error file=specs/Closing.linger,line=17,endLine=17,col=1,endColumn=22,"
          + "title=Closing%3A invariant neverClosed::a < b && \"c\", 100%25: {x}%0D%0Anext"
      ),
      "\(lines[2])"
    )
    #expect(lines[2].contains("%0A1. a.close: call close("))
    let odd = Self.invalid(path: "a,b:c%.linger", text: "let x\n", error: 0..<3)
    #expect(
      GitHubFormat().render(odd, ReportStyle()).hasPrefix(
        "::error file=a%2Cb%3Ac%25.linger,line=1,endLine=1,col=1,endColumn=4,"
          + "title=a%2Cb%3Ac%25.linger%3A error L9999::wrong%0Areplace it\n"
      )
    )
  }

  @Test("a long run is cut off on GitHub, and all ways of one violation are told")
  func longRuns() throws {
    var report = Self.report(explanation: "wrong")
    guard case .check(var specs) = report.content,
      case .violated(var violation) = specs[0].report?.results[2].verdict
    else { return }
    var long = try #require(violation.trace)
    let entry = long.entries[0]
    long.entries = Array(repeating: entry, count: 101)
    violation.others = [Violation(explanation: "wrong too", trace: long)]
    specs[0].report?.results[2].verdict = .violated(violation)
    report.content = .check(specs)
    let line = GitHubFormat().render(report, ReportStyle()).split(separator: "\n")[2]
    #expect(line.contains("%0Aalso: wrong too%0A1. a.close: call close("))
    #expect(line.contains("%0A100. ") && !line.contains("%0A101. "))
    #expect(line.hasSuffix("%0Aand 1 step more"))
    let cases = try JUnitCases(JUnitFormat().render(report, ReportStyle()))
    #expect(cases.suite["failures"] == "1")
    #expect(cases.outcomes[2].text.contains("also: wrong too"))
    let sarif = JSONValue.parse(Array(SARIFFormat().render(report, ReportStyle()).utf8))
    let results = try #require(sarif?["runs"]?.array?.first?["results"]?.array)
    #expect(results.count == 4)
    #expect(results[2]["message"]?["text"] == .string("invariant neverClosed: wrong too"))
    let flow = results[2]["codeFlows"]?.array?.first?["threadFlows"]?.array?.first
    #expect(flow?["locations"]?.array?.count == 101)
  }

  @Test("a place of several lines has no columns on GitHub")
  func severalLines() {
    let report = Self.invalid(path: "x.linger", text: "ab\ncd\n", error: 1..<4)
    #expect(
      GitHubFormat().render(report, ReportStyle())
        .hasPrefix("::error file=x.linger,line=1,endLine=2,title=")
    )
  }

  @Test("what is no file has no place")
  func noFile() {
    let standardInput = Self.invalid(path: "-", text: "let x\n", error: 0..<3)
    let github = GitHubFormat().render(standardInput, ReportStyle())
    #expect(github.hasPrefix("::error title="))
    let sarif = SARIFFormat().render(standardInput, ReportStyle())
    #expect(!sarif.contains("physicalLocation") && !sarif.contains("artifactLocation"))
    let junit = JUnitFormat().render(standardInput, ReportStyle())
    #expect(!junit.contains(" file="))
  }
}

/// The cases of a JUnit document, by Foundation's parser.
private final class JUnitCases: NSObject, XMLParserDelegate {
  struct Outcome {
    var kind: String
    var message: String
    var text: String
  }

  struct Malformed: Error {
    var reason: String
  }

  private(set) var names: [String] = []
  private(set) var outcomes: [Outcome] = []
  private(set) var suites: [String: String] = [:]
  private(set) var suite: [String: String] = [:]

  init(_ text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else {
      throw Malformed(reason: "\(String(describing: parser.parserError))")
    }
  }

  func parser(
    _ parser: XMLParser,
    didStartElement element: String,
    namespaceURI: String?,
    qualifiedName: String?,
    attributes: [String: String]
  ) {
    switch element {
    case "testsuites": suites = attributes
    case "testsuite": suite = attributes
    case "testcase": names.append(attributes["name"] ?? "")
    case "failure", "error", "skipped", "system-out":
      outcomes.append(Outcome(kind: element, message: attributes["message"] ?? "", text: ""))
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if !outcomes.isEmpty { outcomes[outcomes.count - 1].text += text }
  }
}

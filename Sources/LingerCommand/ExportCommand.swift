import ArgumentParser
import Foundation
import Linger
import LingerCapture
import LingerModel
import LingerReport

/// `linger export`: saved runs and judged captures for other tools.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a saved run, or a judged capture, for Wireshark or packetdrill.",
    discussion: """
      pcapng is a capture in which each frame has a comment with the believed states; packetdrill \
      is a script that holds a kernel to what the subject did. Messages become TCP segments by the \
      names of their fields. Exit codes: 0 written, 2 an input has errors or its messages are not \
      segments.
      """
  )

  @Argument(help: "The spec file.")
  var spec: String

  @Argument(
    help: "A trace that 'check --save-trace' or 'simulate --save-trace' wrote, or a capture."
  )
  var input: String

  @Option(name: .customLong("as"), help: "pcapng or packetdrill.")
  var form: ExportForm

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file")
  )
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Of a run: the instance whose view is written (default: the first). Of a capture: the "
        + "instance or role that is judged.",
      valueName: "name"
    )
  )
  var subject: String?

  @Option(
    help: ArgumentHelp(
      "Of a capture: which connection becomes the script, counted from 1.",
      valueName: "number"
    )
  )
  var connection: Int?

  @Option(help: ArgumentHelp("Of a capture: as of conform.", valueName: "end"))
  var vantage = VantageArgument(.guessed)

  @Flag(help: "A run of another protocol, such as a variant's on the spec that it varies.")
  var otherProtocol = false

  @OptionGroup var specification: SpecificationOptions
  @OptionGroup var common: RunOptions

  mutating func validate() throws {
    guard spec != "-", input != "-" else {
      throw ValidationError("Inputs are read more than once: they cannot be standard input.")
    }
    guard form == .packetdrill || output != nil || !Console.outputIsTerminal else {
      throw ValidationError("A capture is not for a terminal; say --output FILE.")
    }
  }

  func run() throws {
    if !Files.beginsWithBrace(input) { try requireCaptureLibrary() }
    Signals.noteStops()
    let bytes: [UInt8]
    do throws(UnusableSpec) {
      bytes = try Files.beginsWithBrace(input) ? exportedTrace() : exportedCapture()
    } catch {
      switch error {
      case .unfit(let reason): Console.printError("error: \(reason)\n")
      case .invalid: break
      }
      throw ExitCode(Signals.exitCode ?? 2)
    }
    let isWritten =
      output.map { Files.write(bytes, to: $0) } ?? (Console.write(bytes) == .written)
    if !isWritten { throw ExitCode(2) }
  }

  private func exportedTrace() throws(UnusableSpec) -> [UInt8] {
    let saved: SavedTrace
    switch Files.read(input).map({ SavedTrace.read($0, path: input) }) {
    case .failure(let failure): throw .told(failure.message)
    case .success(.failure(let failure)): throw .told(failure.message)
    case .success(.success(let content)): saved = content
    }
    let loaded = specification.load(
      spec,
      inheritedProfile: saved.profile,
      inherited: saved.parameters
    )
    try requireValid(loaded)
    let budget = Budget(common.timeLimit)
    var options = ReplayOptions()
    options.isOfOtherProtocol = otherProtocol
    options.budget = budget
    switch loaded.replay(saved, options: options).result {
    case .run(let run): return try run.exported(as: form, subject: subject)
    case .failure(let message): throw .told(message)
    case .invalid(let reported): throw .invalid(reported)
    }
  }

  private func exportedCapture() throws(UnusableSpec) -> [UInt8] {
    let loaded = specification.loadToFollow(spec)
    try requireValid(loaded)
    let profiles = loaded.profileNames.map { name in
      (name: name, load: { specification.loadToFollow(spec, profile: name) })
    }
    let budget = Budget(common.timeLimit)
    var options = ConformanceOptions()
    options.subject = subject
    options.showsAllEvents = true
    options.budget = budget
    var annotated: AnnotatedCapture
    do throws(UnusableSpec) {
      let conformance = try Conformance(loaded, profiles: profiles, .capture, options)
      annotated = try AnnotatedCapture(
        conformance,
        path: input,
        ends: vantage.ends,
        keepsConnections: form == .packetdrill
      )
    } catch {
      if case .unfit(let reason) = error { throw .unfit(reason) }
      throw .unfit("a profile of '\(spec)' has errors")
    }
    _ = try read { annotated.take($0, $1) }
    annotated.finish()
    if let reason = budget.exhaustion { throw .unfit(reason.text) }
    if form == .packetdrill { return Array(try annotated.packetdrill(connection: connection).utf8) }
    var bytes: [UInt8] = []
    var writer: CaptureWriter?
    let linkType = try read { frame, content in
      if writer == nil { writer = Self.writer(of: frame.linkType) }
      var packet: [UInt8] = []
      packet.reserveCapacity(content.count)
      for place in 0..<content.count { packet.append(content[place]) }
      writer?.append(
        packet,
        time: max(0, frame.time),
        originalLength: frame.originalLength,
        comment: annotated.comment(ofFrame: frame.number)
      )
      bytes += writer?.take() ?? []
    }
    if writer == nil { bytes = Self.writer(of: linkType).bytes }
    return bytes
  }

  /// Of the numbers for raw packets one is understood everywhere.
  private static func writer(of linkType: LinkType) -> CaptureWriter {
    let linkType = [12, 14].contains(linkType.number) ? .raw : linkType
    return CaptureWriter(format: CaptureFormat(.pcapng), linkType: linkType)
  }

  /// Reads the capture from its beginning; what follows on a damaged frame is left out.
  private func read(_ body: (CapturedFrame, Span<UInt8>) -> Void) throws(UnusableSpec) -> LinkType {
    do throws(CaptureError) {
      var file = try CaptureFile(path: input)
      let linkType = file.linkType
      do throws(CaptureError) {
        while try file.next(body) {}
      } catch {
        if file.frameCount == 0 { throw error }
      }
      return linkType
    } catch {
      throw .unfit("'\(input)' \(error)")
    }
  }

  private func requireValid(_ loaded: Specification) throws(UnusableSpec) {
    if loaded.isValid { return }
    Console.printError(loaded.diagnosticsText(hasColor: Console.errorsAreTerminal))
    throw .invalid(loaded.reported)
  }
}

extension ExportForm: ExpressibleByArgument {}

extension UnusableSpec {
  /// A reason that is a whole line for standard error.
  fileprivate static func told(_ message: String) -> UnusableSpec {
    .unfit(message.replacing("error: ", with: "", maxReplacements: 1).trimmingLineBreaks)
  }
}

extension String {
  fileprivate var trimmingLineBreaks: String {
    var text = self[...]
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }
}

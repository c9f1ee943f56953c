import Foundation

/// A shell in a folder of its own, with `linger` on its path, the fixtures and a copy of the specs.
struct Shell {
  private let folder: URL

  /// Where the program is not where it should be.
  struct Missing: Error, CustomStringConvertible {
    var description: String
  }

  init() throws {
    let program = try Self.program()
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("linger-transcript-\(UUID().uuidString)")
    let programs = folder.appendingPathComponent(".bin")
    try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: programs.appendingPathComponent("linger"),
      withDestinationURL: program
    )
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.fixtures.path) {
      try FileManager.default.copyItem(
        at: Self.fixtures.appendingPathComponent(name),
        to: folder.appendingPathComponent(name)
      )
    }
    let specs = Self.root.appendingPathComponent("specs")
    if FileManager.default.fileExists(atPath: specs.path) {
      try FileManager.default.copyItem(at: specs, to: folder.appendingPathComponent("specs"))
    }
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The built program: beside the test bundle, under its product's or its target's name.
  private static func program() throws -> URL {
    let arguments = CommandLine.arguments
    var folders = [URL(fileURLWithPath: arguments[0]).deletingLastPathComponent()]
    for argument in arguments where argument.contains(".xctest") {
      var url = URL(fileURLWithPath: argument)
      while url.path != "/", url.lastPathComponent != "debug", url.lastPathComponent != "release" {
        url.deleteLastPathComponent()
      }
      folders.append(url)
    }
    for folder in folders {
      for name in ["linger", "LingerCommand"] {
        let file = folder.appendingPathComponent(name)
        if FileManager.default.isExecutableFile(atPath: file.path) { return file }
      }
    }
    throw Missing(
      description: "no built 'linger' beside the tests, in \(folders.map(\.path)): "
        + "run 'swift build' first"
    )
  }

  /// Runs one line of shell to its end.
  func run(_ command: String) throws -> Response {
    try respond(to: URL(fileURLWithPath: "/bin/sh"), ["-c", command]) { _ in }
  }

  /// Runs `linger`, asks it to stop after some time, and waits for its end.
  ///
  /// Threads that run tests may block signals, and a new program inherits that: GNU `env` undoes
  /// it and becomes the program.
  func stop(
    _ arguments: [String],
    after seconds: Double,
    by stop: Stop = .interrupt
  ) throws -> Response {
    let command = ["--default-signal=INT", "--default-signal=TERM", "linger"] + arguments
    return try respond(to: URL(fileURLWithPath: "/usr/bin/env"), command) { process in
      Thread.sleep(forTimeInterval: seconds)
      switch stop {
      case .interrupt: process.interrupt()
      case .terminate: process.terminate()
      }
    }
  }

  /// The signals that ask a program to stop.
  enum Stop: Sendable, CaseIterable {
    case interrupt
    case terminate

    var exitCode: Int32 { 128 + signal }
    var signal: Int32 { self == .interrupt ? SIGINT : SIGTERM }
    /// How a report calls it.
    var reason: String { self == .interrupt ? "interrupted" : "terminated" }
  }

  private func respond(
    to program: URL,
    _ arguments: [String],
    _ meanwhile: (Process) -> Void
  ) throws -> Response {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    let programs = folder.appendingPathComponent(".bin").path
    environment["PATH"] = "\(programs):\(environment["PATH"] ?? "/usr/bin:/bin")"
    environment["LC_ALL"] = "C.UTF-8"
    environment["COLUMNS"] = "80"
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: nothing can block, however much is printed.
    let output = folder.appendingPathComponent(".output")
    let error = folder.appendingPathComponent(".error")
    for file in [output, error] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: error)
    try process.run()
    meanwhile(process)
    process.waitUntilExit()
    let status = process.terminationStatus
    return Response(
      output: try String(contentsOf: output, encoding: .utf8),
      error: try String(contentsOf: error, encoding: .utf8),
      exitCode: process.terminationReason == .exit ? status : -status
    )
  }
}

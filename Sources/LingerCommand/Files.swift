import Foundation
import Linger

/// Reading and writing files, with `-` for standard input.
enum Files {
  /// No spec or trace is this large; whatever is was named by mistake.
  static let sizeLimitBytes = 64 << 20

  /// Opens a file to be read.
  static func open(_ path: String) throws(SourceReadError) -> FileHandle {
    if path == "-" { return .standardInput }
    guard FileManager.default.fileExists(atPath: path) else { throw .notFound }
    // Only a folder has itself in it.
    if FileManager.default.fileExists(atPath: path + "/.") { throw .isDirectory }
    guard let opened = FileHandle(forReadingAtPath: path) else {
      throw .unreadable("permission denied")
    }
    return opened
  }

  /// Reads a source file of a spec.
  static func readSource(_ path: String) throws(SourceReadError) -> [UInt8] {
    let handle = try open(path)
    do {
      let data = try handle.read(upToCount: sizeLimitBytes + 1) ?? Data()
      guard data.count <= sizeLimitBytes else {
        throw SourceReadError.tooLarge(limitBytes: sizeLimitBytes)
      }
      return [UInt8](data)
    } catch let error as SourceReadError {
      throw error
    } catch {
      throw .unreadable(reason(error))
    }
  }

  /// Reads any other input file, or says why not.
  static func read(_ path: String) -> Result<[UInt8], FileFailure> {
    do throws(SourceReadError) {
      return .success(try readSource(path))
    } catch {
      return .failure(FileFailure(path, error))
    }
  }

  static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Whether a file begins like a JSON object.
  static func beginsWithBrace(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    let start = (try? handle.read(upToCount: 64)) ?? Data()
    return start.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 } == 0x7B
  }

  /// The saved runs in a folder, by name; none where there is no such folder.
  static func runs(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".jsonl") }.sorted().map { "\(folder)/\($0)" }
  }

  /// Writes a file whole; says on standard error when that fails.
  static func write(_ text: String, to path: String) -> Bool { write(Array(text.utf8), to: path) }

  static func write(_ bytes: [UInt8], to path: String) -> Bool {
    if FileManager.default.fileExists(atPath: path + "/.") {
      Console.printError("error: cannot write '\(path)': it is a folder\n")
      return false
    }
    do {
      try write(Data(bytes), to: URL(fileURLWithPath: path))
      return true
    } catch {
      Console.printError("error: cannot write '\(path)': \(reason(error))\n")
      return false
    }
  }

  /// A file appears whole or not at all. What is there and not a file, such as a device or a named
  /// pipe, is written into and stays.
  private static func write(_ data: Data, to url: URL) throws {
    let resolved = url.resolvingSymlinksInPath()
    let isThere = FileManager.default.fileExists(atPath: resolved.path)
    let url = isThere ? resolved : url
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
    let type = attributes?[.type] as? FileAttributeType
    guard let type, type != .typeRegular else {
      return try data.write(to: url, options: .atomic)
    }
    let handle = try FileHandle(forWritingTo: url)
    try handle.write(contentsOf: data)
    try handle.close()
  }

  /// Whether a path is a file's, and not that of a device or a pipe.
  static func isRegular(_ path: String) -> Bool {
    let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: resolved)
    return attributes?[.type] as? FileAttributeType == .typeRegular
  }

  static func isDirectory(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/.")
  }

  /// Creates a folder with those above it, unless it is there.
  static func createDirectory(_ path: String) -> Bool {
    do {
      try FileManager.default.createDirectory(
        atPath: path,
        withIntermediateDirectories: true
      )
      return true
    } catch {
      Console.printError("error: cannot create the folder '\(path)': \(reason(error))\n")
      return false
    }
  }

  private static func reason(_ error: any Error) -> String {
    if let reason = knownReason(error) { return reason }
    guard let error = error as? CocoaError else { return error.localizedDescription }
    return "the system refuses (\(error.code.rawValue))"
  }

  /// A few words of our own: the system's differ from one release to the next.
  static func knownReason(_ error: any Error) -> String? {
    switch (error as? CocoaError)?.code {
    case .fileNoSuchFile?, .fileReadNoSuchFile?: "there is no such folder"
    case .fileWriteNoPermission?, .fileReadNoPermission?: "permission denied"
    case .fileWriteOutOfSpace?: "no space left"
    case .fileWriteVolumeReadOnly?: "the file system is read-only"
    case .fileWriteFileExists?: "a file of that name is in the way"
    default: nil
    }
  }
}

/// Why an input file could not be read: a line for standard error.
struct FileFailure: Error {
  var message: String

  init(message: String) { self.message = message }

  /// The message without what makes it a line for standard error.
  var reason: String? {
    message.replacing("error: ", with: "").split(separator: "\n").first.map(String.init)
  }

  init(_ path: String, _ error: SourceReadError) {
    let reason =
      switch error {
      case .notFound: "no such file"
      case .isDirectory: "it is a folder"
      case .unreadable(let reason): reason
      case .tooLarge(let limit): "it is larger than \(limit >> 20) MiB"
      }
    self.init(message: "error: cannot read '\(path)': \(reason)\n")
  }
}

import LingerDiagnostics
import LingerSyntax

/// A parsed file with its number in the source map.
struct LoadedFile {
  var number: Int
  var path: String
  var syntax: SyntaxFile
}

/// What one compilation reads.
struct LoadedSources {
  /// The protocol, then the variant of it, then the variant of that.
  var chain: [LoadedFile]
  /// Imported files, each once, those that they import before them.
  var libraries: [LoadedFile]
}

/// Reads a spec and everything it names through a closure, and parses it.
struct SourceLoader {
  /// Larger files are surely no specs; the limit keeps a mistaken path from filling the memory.
  static let fileLimitBytes = 16 << 20

  private(set) var sources = SourceMap()
  private(set) var diagnostics: [Diagnostic] = []
  private let read: (String) -> Result<[UInt8], ReadFailure>
  private var libraries: [LoadedFile] = []
  /// Normalized paths of libraries already taken.
  private var taken: Set<String> = []
  /// Files being loaded, outermost first: what a cycle is shown with.
  private var open: [String] = []

  init(read: @escaping (String) -> Result<[UInt8], ReadFailure>) {
    self.read = read
  }

  /// Loads the root; nil where it cannot be compiled at all.
  mutating func load(_ path: String) -> LoadedSources? {
    guard let chain = loadChain(path, at: .none) else { return nil }
    return LoadedSources(chain: chain, libraries: libraries)
  }

  private mutating func loadChain(_ path: String, at span: Span) -> [LoadedFile]? {
    guard enter(path, at: span, word: "variant of") else { return nil }
    defer { open.removeLast() }
    guard let file = loadFile(path, at: span) else { return nil }
    switch file.syntax.header {
    case .protocolName:
      loadImports(of: file)
      return [file]
    case .variant(_, let base):
      let basePath = SourcePath.resolve(base.text, importedBy: path)
      guard let chain = loadChain(basePath, at: base.span) else { return nil }
      loadImports(of: file)
      return chain + [file]
    case nil:
      // A file that does not parse has its own diagnostics; the missing header is one of them.
      if !diagnostics.hasErrors { reportMissingHeader(file, at: span) }
      return nil
    }
  }

  private mutating func loadImports(of file: LoadedFile) {
    for declaration in file.syntax.declarations {
      guard case .importFile(let literal) = declaration.kind else { continue }
      let path = SourcePath.resolve(literal.text, importedBy: file.path)
      let key = SourcePath.normalize(path)
      guard open.contains(key) || !taken.contains(key) else { continue }
      loadLibrary(path, at: literal.span)
    }
  }

  private mutating func loadLibrary(_ path: String, at span: Span) {
    guard enter(path, at: span, word: "imports") else { return }
    defer { open.removeLast() }
    taken.insert(SourcePath.normalize(path))
    guard let file = loadFile(path, at: span) else { return }
    if case .variant(let name, _) = file.syntax.header {
      diagnostics.append(
        Diagnostic(
          .unsuitableFile,
          "'\(path)' is a variant and cannot be imported",
          at: span,
          notes: [Diagnostic.Note("the variant is named here", at: name.span)],
          help: "import the file that it is a variant of"
        )
      )
      return
    }
    loadImports(of: file)
    libraries.append(file)
  }

  /// Notes that a file is being loaded; false where it already is.
  private mutating func enter(_ path: String, at span: Span, word: String) -> Bool {
    let key = SourcePath.normalize(path)
    if let start = open.firstIndex(of: key) {
      let chain = (open[start...] + [key]).map { "'\($0)'" }.joined(separator: " -> ")
      diagnostics.append(
        Diagnostic(
          .cyclicImport,
          "'\(path)' is \(word == "imports" ? "imported by" : "a variant of") itself",
          at: span,
          notes: [Diagnostic.Note(chain)]
        )
      )
      return false
    }
    open.append(key)
    return true
  }

  private mutating func loadFile(_ path: String, at span: Span) -> LoadedFile? {
    let bytes: [UInt8]
    switch read(path) {
    case .success(let content): bytes = content
    case .failure(let failure):
      report(failure, path, at: span)
      return nil
    }
    guard bytes.count <= Self.fileLimitBytes else {
      report(.tooLarge(limitBytes: Self.fileLimitBytes), path, at: span)
      return nil
    }
    if let offset = firstInvalidByte(of: bytes) {
      let number = sources.add(SourceFile(name: path, bytes: Array(bytes[..<offset])))
      let place = Span(file: number, start: offset, end: offset)
      let value = String(bytes[offset], radix: 16, uppercase: true)
      diagnostics.append(
        Diagnostic(
          .notUTF8,
          "'\(path)' is not UTF-8: byte 0x\(value) at offset \(offset)",
          at: place,
          help: "save the file as UTF-8"
        )
      )
      return nil
    }
    let source = SourceFile(name: path, bytes: bytes)
    let number = sources.add(source)
    if bytes.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
      diagnostics.append(
        Diagnostic(
          .emptyFile,
          "'\(path)' is empty",
          at: Span(file: number, start: 0, end: 0),
          help: "a spec starts with 'protocol Name'"
        )
      )
      return nil
    }
    let (syntax, found) = parse(source, number: number)
    diagnostics += found
    return LoadedFile(number: number, path: path, syntax: syntax)
  }

  private mutating func report(_ failure: ReadFailure, _ path: String, at span: Span) {
    let message: String
    var code = DiagnosticCode.unreadableFile
    switch failure {
    case .notFound: message = "there is no file '\(path)'"
    case .isDirectory: message = "'\(path)' is a folder, not a spec"
    case .unreadable(let reason): message = "'\(path)' cannot be read: \(reason)"
    case .tooLarge(let limit):
      code = .fileTooLarge
      message = "'\(path)' is larger than \(limit >> 20) MiB"
    }
    diagnostics.append(Diagnostic(code, message, at: span))
  }

  private mutating func reportMissingHeader(_ file: LoadedFile, at span: Span) {
    if span.isSomewhere {
      diagnostics.append(
        Diagnostic(
          .unsuitableFile,
          "'\(file.path)' has no 'protocol', so it has no variants",
          at: span,
          help: "a variant is of a protocol or of another variant"
        )
      )
      return
    }
    let start = Span(file: file.number, start: 0, end: 0)
    diagnostics.append(
      Diagnostic(
        .libraryFile,
        "'\(file.path)' has no 'protocol', so there is nothing to check",
        at: start,
        help: "start it with 'protocol Name', or check a spec that imports it"
      )
    )
  }
}

/// Offset of the first byte that no UTF-8 text has there.
///
/// Follows table 3-7 of the Unicode Standard, "Well-Formed UTF-8 Byte Sequences".
func firstInvalidByte(of bytes: [UInt8]) -> Int? {
  var index = 0
  while index < bytes.count {
    let lead = bytes[index]
    if lead < 0x80 {
      index += 1
      continue
    }
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return index
    }
    guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return index }
    for next in index + 2..<max(index + 2, index + length)
    where !(0x80...0xBF).contains(bytes[next]) {
      return index
    }
    index += length
  }
  return nil
}

// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every target: no exceptions to remember.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "linger",
  products: [
    .library(name: "Linger", targets: ["Linger"]),
    .library(name: "LingerTesting", targets: ["LingerTesting"]),
    .executable(name: "linger", targets: ["LingerCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
  ],
  targets: [
    .target(name: "LingerDiagnostics", swiftSettings: settings),
    .target(
      name: "LingerSyntax",
      dependencies: ["LingerDiagnostics"],
      swiftSettings: settings
    ),
    .target(
      name: "LingerModel",
      dependencies: ["LingerDiagnostics", .product(name: "BigInt", package: "BigInt")],
      swiftSettings: settings
    ),
    .target(
      name: "LingerSema",
      dependencies: ["LingerSyntax", "LingerModel", "LingerDiagnostics"],
      swiftSettings: settings
    ),
    .target(
      name: "LingerEval",
      dependencies: ["LingerModel", "LingerDiagnostics"],
      swiftSettings: settings
    ),
    .target(
      name: "LingerKernel",
      dependencies: ["LingerModel", "LingerDiagnostics"],
      swiftSettings: settings
    ),
    .target(name: "CPrefetch"),
    .target(
      name: "LingerExplore",
      dependencies: [
        "LingerEval", "LingerKernel", "LingerModel", "LingerDiagnostics", "CPrefetch",
      ],
      swiftSettings: settings
    ),
    .target(
      name: "LingerConform",
      dependencies: ["LingerKernel", "LingerModel", "LingerDiagnostics"],
      swiftSettings: settings
    ),
    .target(
      name: "LingerDrive",
      dependencies: [
        "LingerConform", "LingerEval", "LingerKernel", "LingerModel", "LingerDiagnostics",
      ],
      swiftSettings: settings
    ),
    .target(name: "CLoader", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    // Z3's header is needed to build, its library only to decide timed properties: CZ3 loads it.
    .target(name: "CZ3", dependencies: ["CLoader"]),
    .target(
      name: "LingerSolve",
      dependencies: ["LingerEval", "LingerKernel", "LingerModel", "LingerDiagnostics", "CZ3"],
      swiftSettings: settings
    ),
    // libpcap's header is needed to build, its library only to read captures: CPcap loads it.
    .target(name: "CPcap", dependencies: ["CLoader"]),
    .target(name: "LingerCapture", dependencies: ["CPcap"], swiftSettings: settings),
    .executableTarget(
      name: "capture-benchmark",
      dependencies: ["LingerCapture"],
      path: "Benchmarks/captures",
      exclude: ["README.md"],
      swiftSettings: settings
    ),
    .target(
      name: "LingerReport",
      dependencies: ["LingerModel", "LingerDiagnostics"],
      swiftSettings: settings
    ),
    .target(
      name: "Linger",
      dependencies: [
        "LingerSema", "LingerSyntax", "LingerExplore", "LingerSolve", "LingerEval", "LingerKernel",
        "LingerCapture", "LingerConform", "LingerDrive", "LingerReport", "LingerModel",
        "LingerDiagnostics",
      ],
      swiftSettings: settings
    ),
    // What users' own tests call. It is the only target that knows Swift Testing.
    .target(
      name: "LingerTesting",
      dependencies: [
        "Linger", "LingerConform", "LingerDrive", "LingerKernel", "LingerModel", "LingerReport",
      ],
      swiftSettings: settings
    ),
    .target(name: "CCrash"),
    .executableTarget(
      name: "LingerCommand",
      dependencies: [
        "Linger", "LingerCapture", "LingerDrive", "LingerExplore", "LingerModel", "LingerReport",
        "CCrash",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings
    ),
    .target(
      name: "LingerTestSupport",
      dependencies: [
        "LingerSema", "LingerSyntax", "LingerEval", "LingerModel", "LingerDiagnostics",
      ],
      path: "Tests/LingerTestSupport",
      swiftSettings: settings
    ),
    .testTarget(
      name: "LingerDiagnosticsTests",
      dependencies: ["LingerDiagnostics", "LingerTestSupport"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "LingerSyntaxTests",
      dependencies: ["LingerSyntax", "LingerDiagnostics", "LingerTestSupport"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "LingerSemaTests",
      dependencies: [
        "LingerSema", "LingerSyntax", "LingerModel", "LingerDiagnostics", "LingerTestSupport",
      ],
      exclude: ["Cases", "Models"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "LingerEvalTests",
      dependencies: ["LingerEval", "LingerModel", "LingerDiagnostics", "LingerTestSupport"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "LingerExploreTests",
      dependencies: ["LingerExplore", "LingerEval", "LingerModel", "LingerTestSupport"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "LingerSolveTests",
      dependencies: [
        "LingerSolve", "LingerExplore", "LingerEval", "LingerModel", "LingerTestSupport",
      ],
      swiftSettings: settings
    ),
    .testTarget(
      name: "LingerConformTests",
      dependencies: [
        "Linger", "LingerCapture", "LingerConform", "LingerEval", "LingerKernel", "LingerModel",
        "LingerReport", "LingerTestSupport",
      ],
      exclude: ["Live"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "LingerCaptureTests",
      dependencies: ["LingerCapture", "LingerTestSupport"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "LingerReportTests",
      dependencies: [
        "LingerReport", "LingerSema", "LingerEval", "LingerModel", "LingerDiagnostics",
        "LingerTestSupport",
      ],
      exclude: ["Snapshots"],
      swiftSettings: settings
    ),
    // The state machine of the example package, with its faults.
    .target(
      name: "ExampleTCP",
      path: "Examples/InProcess/Sources/ExampleTCP",
      swiftSettings: settings
    ),
    .target(
      name: "ExampleTCPSubject",
      dependencies: ["ExampleTCP", "LingerTesting"],
      path: "Examples/InProcess/Tests/ExampleTCPTests",
      exclude: ["TCPCloseTests.swift"],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "driving-benchmark",
      dependencies: ["ExampleTCP", "LingerTesting"],
      path: "Benchmarks/driving",
      exclude: ["README.md", "pipes.c", "run.sh"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "LingerDriveTests",
      dependencies: [
        "ExampleTCP", "ExampleTCPSubject", "Linger", "LingerConform", "LingerDrive", "LingerEval",
        "LingerKernel", "LingerModel", "LingerReport", "LingerTesting", "LingerTestSupport",
      ],
      swiftSettings: settings
    ),
    .testTarget(
      name: "DifferentialTests",
      dependencies: [
        "LingerExplore", "LingerKernel", "LingerEval", "LingerModel", "LingerTestSupport",
      ],
      swiftSettings: settings
    ),
    .testTarget(
      name: "NativeTests",
      dependencies: ["LingerCommand", "LingerExplore", "LingerModel", "LingerTestSupport"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "SpecLibraryTests",
      dependencies: ["Linger", "LingerCommand", "LingerExplore", "LingerReport"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["LingerCommand", "Linger"],
      exclude: ["Transcripts", "Fixtures"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "TidyTests",
      dependencies: ["LingerDiagnostics"],
      swiftSettings: settings
    ),
  ]
)

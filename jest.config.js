const swc = type => ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type } }]

/** Tests import the TypeScript sources; swc strips the types and Node runs ES modules. */
export default {
  modulePathIgnorePatterns: ['<rootDir>/examples', '<rootDir>/dist', '<rootDir>/lib'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1', '^(\\.{1,2}/.*)\\.cjs$': '$1.cts' },
  transform: { '^.+\\.ts$': swc('es6'), '^.+\\.cts$': swc('commonjs') }
}

// The shipped topology as text, in Node and in workerd alike: the bundler reads the file.
declare module "*.yaml?raw" {
  const text: string;
  export default text;
}

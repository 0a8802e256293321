import { Component, h, type ComponentType } from 'preact';

/** Renders the view again only when one of its properties is another one: for the many lines of a long list. */
export function pure<P extends object>(View: ComponentType<P>): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const [before, after] = [Object.entries(this.props), Object.entries(next)];
      return (
        before.length !== after.length ||
        after.some(([name, value], index) => {
          const [oldName, oldValue] = before[index] ?? [];
          return name !== oldName || value !== oldValue;
        })
      );
    }

    render() {
      return h(View, this.props);
    }
  };
}

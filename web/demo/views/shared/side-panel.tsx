import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from './icon-button.js';

interface SidePanelProps {
  readonly side: 'left' | 'right';
  readonly label: string;
  /** There is room for it beside the conversation; else it is a drawer over it. */
  readonly isInline: boolean;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function SidePanel({ side, label, isInline, isOpen, onClose, children }: SidePanelProps) {
  if (isInline)
    return (
      <aside class={`panel ${side}`} aria-label={label}>
        {children}
      </aside>
    );
  if (!isOpen) return null;
  return (
    <Drawer side={side} label={label} onClose={onClose}>
      {children}
    </Drawer>
  );
}

/** The browser's own modal dialog: it keeps the focus, closes on Esc, and gives the focus back. */
function Drawer({ side, label, onClose, children }: Omit<SidePanelProps, 'isInline' | 'isOpen'>) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`panel drawer ${side}`}
      aria-label={label}
      onClose={onClose}
      onClick={({ target }) => {
        // The backdrop belongs to the dialog itself, everything else to what is in it.
        if (target === dialog.current) onClose();
      }}
    >
      <div class="drawer-content">
        <IconButton icon="close" label="Close" class="drawer-close" onClick={onClose} />
        {children}
      </div>
    </dialog>
  );
}

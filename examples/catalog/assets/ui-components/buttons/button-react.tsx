import type { ButtonHTMLAttributes } from 'react'
import './button-react.css'

export interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: 'primary' | 'secondary'
  /** It has been pressed and works: it keeps its focus and does nothing more. */
  busy?: boolean
}

export default function Button({ variant = 'primary', type = 'button', busy = false, className, onClick, ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      className={className ? `button ${className}` : 'button'}
      data-variant={variant}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest['aria-disabled']}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    />
  )
}

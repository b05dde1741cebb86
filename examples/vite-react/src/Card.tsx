import heart from 'asset:heart?w=48'

interface Picture {
  readonly sources: readonly { readonly type: string; readonly srcset: string }[]
  readonly img: { readonly src: string; readonly width: number | undefined; readonly height: number | undefined }
}

export interface CardProps {
  /** From the typed constants. */
  creature: { readonly token: string; readonly alt: string; readonly width: number; readonly height: number; readonly file: string }
  /** URL of the creature. */
  src: string
  land: { readonly alt: string }
  picture: Picture
  place: string
  text: string
  power: number
  grace: number
  isLiked: boolean
  onLike(): void
}

export function Card({ creature, src, land, picture, place, text, power, grace, isLiked, onLike }: CardProps) {
  const name = creature.alt.split(',')[0]
  return (
    <article className={isLiked ? 'card liked' : 'card'}>
      <h2>{name}</h2>
      <div className="scene">
        <picture>
          {picture.sources.map(({ type, srcset }) => (
            <source key={type} type={type} srcSet={srcset} sizes="320px" />
          ))}
          <img {...picture.img} alt={land.alt} />
        </picture>
        <img className="creature" src={src} width={creature.width} height={creature.height} alt={creature.alt} />
      </div>
      <p className="place">{place}</p>
      <p className="text">{text}</p>
      <dl>
        <div>
          <dt>Power</dt>
          <dd>{power}</dd>
        </div>
        <div>
          <dt>Grace</dt>
          <dd>{grace}</dd>
        </div>
      </dl>
      <button type="button" aria-pressed={isLiked} onClick={onLike} aria-label={`Keep ${name}`}>
        <img src={heart} width="22" height="22" alt="" />
      </button>
    </article>
  )
}

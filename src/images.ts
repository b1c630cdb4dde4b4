/** An image's name as written in FROM or `image:`, in its parts. */
export interface ImageName {
  /** The host that it is pulled from, with its port; Docker Hub where none is written. */
  registry: string
  /** Everything before tag and digest. */
  name: string
  tag?: string
  digest?: string
}

export const DOCKER_HUB = 'docker.io'

/** The parts of an image's name. The colon of a registry's port is none of a tag. */
export function imageNameOf(written: string): ImageName {
  const at = written.indexOf('@')
  const path = at < 0 ? written : written.slice(0, at)
  const colon = path.indexOf(':', path.lastIndexOf('/') + 1)
  const name = colon < 0 ? path : path.slice(0, colon)
  const [first = ''] = name.split('/', 1)
  const isHost = name.includes('/') && (/[.:]/.test(first) || first === 'localhost')
  return {
    registry: isHost ? first : DOCKER_HUB,
    name,
    ...(colon >= 0 && { tag: path.slice(colon + 1) }),
    ...(at >= 0 && { digest: written.slice(at + 1) })
  }
}

/** Would Docker take a text for an image's name? Whether there is such an image is another question. */
export function isImageName(text: string): boolean {
  if (text.length > 512) return false
  const { name, tag, digest } = imageNameOf(text)
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return false
  if (digest !== undefined && !/^[a-z][a-z0-9+._-]{0,30}:[0-9a-f]{32,128}$/i.test(digest)) return false
  const parts = name.split('/')
  const [first = ''] = parts
  if (parts.length > 1 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase())) {
    if (!/^[\w.-]{1,255}(:\d{1,5})?$/.test(first)) return false
    parts.shift()
  }
  // Small letters and digits, with single separators between them.
  return parts.every(
    part => /^[a-z0-9._-]{1,255}$/.test(part) && !/^[._-]|[._-]$|\.\.|___|[._-]\.|\.[_-]|-_|_-/.test(part)
  )
}
